//! What the documentation of Bigin leaves open, decided in one place. One look at a live organisation can
//! settle each of these.

use std::time::Duration;

/// Life of an access token. <https://www.zoho.com/accounts/protocol/oauth/token-limits.html>
pub const TOKEN_LIFETIME: Duration = Duration::from_secs(3600);

/// The organisation's time zone. Organisations are reported to answer instants with their own offset,
/// never in UTC.
pub const ORG_TIME_ZONE: &str = "America/Chicago";

/// Status of a write where some records succeeded and some failed. The documentation names 202 for
/// "multiple records", the newer Zoho CRM answers 207.
pub const MIXED_WRITE_STATUS: u16 = 207;

/// `Retry-After`, in seconds, of an answer that too many calls were in flight.
pub const RETRY_AFTER_SECONDS: u32 = 1;

/// Seats of the pool that heavy calls share across the organisation.
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
pub const SUB_CONCURRENCY: u32 = 10;

/// Largest JSON body, in bytes. No figure is published.
pub const JSON_BODY_LIMIT: usize = 16 << 20;

/// Milliseconds for which a call's credits count, from its start.
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
pub const CREDIT_WINDOW_MS: i64 = 24 * 60 * 60 * 1000;

/// Calls that the control plane can list. The sandbox's own.
pub const CALLS_KEPT: usize = 10_000;

/// Access tokens that a refresh token may ask for in [`TOKEN_REQUEST_WINDOW`].
/// <https://www.zoho.com/accounts/protocol/oauth/token-limits.html>
pub const TOKEN_REQUESTS: usize = 10;

/// The window in which [`TOKEN_REQUESTS`] and [`CODE_REQUESTS`] count.
pub const TOKEN_REQUEST_WINDOW: Duration = Duration::from_secs(600);

/// Grant codes that an app may ask for in the window.
pub const CODE_REQUESTS: usize = 10;

/// Live access tokens of a refresh token; one more ends the oldest.
pub const LIVE_ACCESS_TOKENS: usize = 15;

/// Live refresh tokens of a user and app; one more ends the oldest.
pub const LIVE_REFRESH_TOKENS: usize = 20;

/// New refresh tokens of a user and app in a minute.
/// <https://www.bigin.com/developer/docs/apis/v2/self-client-refresh-token-usage.html>
pub const NEW_REFRESH_TOKENS_A_MINUTE: usize = 5;

/// Life of a code from the consent page.
pub const CODE_LIFETIME: Duration = Duration::from_secs(120);

/// What the refresh token printed at the start allows: everything that the emulated API has.
pub const DEMO_SCOPES: &str = "ZohoBigin.modules.ALL,ZohoBigin.settings.ALL,ZohoBigin.users.ALL,\
    ZohoBigin.org.ALL,ZohoBigin.coql.READ,ZohoBigin.bulk.ALL,ZohoBigin.notifications.ALL,\
    ZohoBigin.change_owner.CREATE,ZohoBigin.send_mail.all.CREATE,ZohoBigin.Files.CREATE,\
    ZohoBigin.Files.READ,ZohoFiles.files.ALL,ZohoSearch.securesearch.READ";

/// Bytes of an over-long body that are read and thrown away before the connection is given up. The
/// sandbox's own.
pub const DISCARD_LIMIT: usize = 256 << 20;

/// How long the sandbox waits for the other side of a delivery to answer. "A few seconds"; one attempt, no
/// second one.
pub const DELIVERY_TIMEOUT: Duration = Duration::from_secs(5);

/// Deliveries that the control plane can list. The sandbox's own.
pub const DELIVERIES_KEPT: usize = 1_000;

/// Bytes of an uploaded ZIP file. <https://www.zoho.com/bigin/developer/docs/apis/bulk-write/limitations.html>
pub const ARCHIVE_LIMIT: usize = 25 << 20;

/// Bytes that a CSV file may unpack to. Only the archive's size is limited by the documentation.
pub const UNPACKED_LIMIT: u64 = 256 << 20;

/// How many times larger than its archive an unpacked file of more than [`UNPACKED_TRUSTED`] bytes may be.
/// No file of records comes near; the format itself ends at 1,032.
pub const UNPACKED_RATIO: u64 = 300;

/// Bytes up to which an unpacked file is taken whatever its proportion to the archive.
pub const UNPACKED_TRUSTED: u64 = 8 << 20;

/// `data_type`s that a bulk read leaves out and refuses to name.
/// <https://www.bigin.com/developer/docs/apis/v2/bulk-read/create-job.html>
pub const NOT_EXPORTED: [&str; 7] =
    ["profileimage", "fileupload", "subform", "multiselectlookup", "ALARM", "event_reminder", "RRULE"];

/// Modules of which a bulk read can be made.
/// <https://www.bigin.com/developer/docs/apis/v2/bulk-read/create-job.html>
pub const EXPORTED: [&str; 7] = ["Contacts", "Accounts", "Pipelines", "Products", "Tasks", "Events", "Calls"];

/// Records of one page of a bulk read. <https://www.bigin.com/developer/docs/apis/v2/bulk-read/create-job.html>
pub const EXPORT_PAGE: usize = 200_000;

/// Events of a bulk read in the iCalendar format.
pub const EXPORT_ICS_PAGE: usize = 20_000;

/// The highest page of a bulk read; newer Zoho CRM says 50.
pub const EXPORT_PAGES: u64 = 500;

/// Fields of a bulk read; one that names more gets every field.
pub const EXPORT_FIELDS: usize = 200;

/// Conditions in the criteria of a bulk read.
pub const CRITERIA: usize = 25;

/// Values in one list of the criteria of a bulk read.
pub const CRITERIA_VALUES: usize = 200;

/// Characters of one text in the criteria of a bulk read.
pub const CRITERIA_TEXT: usize = 255;

/// Different lookups that a bulk read may look through. No figure is published.
pub const EXPORT_JOINS: usize = 5;

/// Modules into which a bulk write can go. The scopes speak of activities too, the list of limits does not.
/// <https://www.zoho.com/bigin/developer/docs/apis/bulk-write/limitations.html>
pub const IMPORTED: [&str; 4] = ["Contacts", "Accounts", "Pipelines", "Products"];

/// `data_type`s that a bulk write cannot bring.
pub const NOT_IMPORTED: [&str; 6] =
    ["profileimage", "fileupload", "subform", "formula", "autonumber", "multiselectlookup"];

/// Records of one bulk write. <https://www.zoho.com/bigin/developer/docs/apis/bulk-write/limitations.html>
pub const IMPORT_ROWS: usize = 25_000;

/// Columns of the file of a bulk write.
pub const IMPORT_COLUMNS: usize = 200;

/// Seconds for which an uploaded file waits for its job. No figure is published.
pub const UPLOAD_LIFE_SECONDS: i64 = 24 * 60 * 60;

/// Seconds for which the file of a finished job can be downloaded; as in Zoho CRM.
pub const RESULT_LIFE_SECONDS: i64 = 24 * 60 * 60;

/// Downloads of bulk reads in a minute.
/// <https://www.bigin.com/developer/docs/apis/v2/bulk-read/download-result.html>
pub const DOWNLOADS_A_MINUTE: usize = 10;

/// How long a bulk job waits before it begins, and again before it ends.
pub const JOB_STEP: Duration = Duration::from_secs(1);

/// Channels of one call. <https://www.bigin.com/developer/docs/apis/v2/notifications/update-details.html>
pub const CHANNELS_A_CALL: usize = 100;

/// Characters of a channel's token.
/// <https://www.bigin.com/developer/docs/apis/v2/notifications/enable.html>
pub const CHANNEL_TOKEN: usize = 50;

/// Seconds that a channel lives when its end is not given, as recorded; Zoho CRM says an hour.
pub const CHANNEL_LIFE_SECONDS: i64 = 2 * 60 * 60;

/// Seconds that a channel lives at most; a later end is cut to this.
pub const CHANNEL_LONGEST_SECONDS: i64 = 24 * 60 * 60;

/// What `notify_on_related_action` is when it is not given, as recorded; Zoho CRM says true.
pub const CHANNEL_HEARS_RELATED: bool = false;

/// Modules whose changes can be watched.
/// <https://www.bigin.com/developer/docs/apis/v2/notifications/overview.html>
pub const WATCHED: [&str; 7] = ["Contacts", "Pipelines", "Accounts", "Products", "Tasks", "Events", "Calls"];

/// The version in the `resource_uri` of channels and deliveries, as recorded; the documentation says v2.
pub const RESOURCE_URI_VERSION: &str = "v1";

/// What stands between several values in one cell of a bulk read.
pub const EXPORT_SEPARATOR: &str = ";";

/// The code of a row of a bulk update that matches no record.
pub const IMPORT_UNMATCHED: &str = "RESOURCE_NOT_FOUND";

/// Columns of the upload that the result of a bulk write repeats, of those that are mapped.
/// <https://www.bigin.com/developer/docs/apis/v2/bulk-write/job-details.html>
pub const RESULT_COLUMNS: usize = 3;

/// Modules of whose records mail can be sent.
/// <https://www.bigin.com/developer/docs/apis/v2/send-mail.html>
pub const MAIL_MODULES: [&str; 3] = ["Contacts", "Pipelines", "Accounts"];

/// Only those in `to` must belong to the record; the documentation says "recipients".
pub const MAIL_COPIES_GO_ANYWHERE: bool = true;

/// Rows of a page of attachments, and the default.
/// <https://www.bigin.com/developer/docs/apis/v2/get-attachments.html>
pub const LIST_PAGE: usize = 200;

/// Bytes of an attachment or a file. Published for files only.
/// <https://www.bigin.com/developer/docs/apis/v2/upload-files.html>
pub const FILE_LIMIT: usize = 20 << 20;

/// Files of one call; as in Zoho CRM.
pub const FILES_A_CALL: usize = 10;

/// Bytes of a photo, a record's or the organisation's. No figure is published.
pub const PHOTO_LIMIT: usize = 10 << 20;

/// Bytes of a multipart body: as many files as one call takes, and what stands between them.
pub const UPLOAD_LIMIT: usize = FILES_A_CALL * FILE_LIMIT + (1 << 20);

/// Letters of the id that a file gets in place of a number.
pub const FILE_TOKEN: usize = 64;

/// Life of the codes of a device without a browser.
/// <https://www.zoho.com/accounts/protocol/oauth/devices/polling-request.html>
pub const DEVICE_CODE_LIFETIME: Duration = Duration::from_secs(300);

/// How often such a device may ask.
pub const DEVICE_POLL_INTERVAL: Duration = Duration::from_secs(30);

/// The `interval` and `expires_in` of a device code: milliseconds, as one client has recorded them; others
/// read seconds.
pub const DEVICE_TIMES_IN_MILLISECONDS: bool = true;

/// The data centre that a redirect names.
pub const LOCATION: &str = "us";

/// Status of the answer that too many access tokens were asked for; nobody documents it.
pub const TOKEN_THROTTLE_STATUS: u16 = 400;

/// Minutes for which a self client's code can be made.
/// <https://www.bigin.com/developer/docs/apis/self-client-generate-code.html>
pub const SELF_CLIENT_MINUTES: [u64; 4] = [3, 5, 7, 10];

/// Whether fields and layouts are refused to users who are not administrators, as one integrator reports.
/// Lenient sandboxes never refuse.
pub const METADATA_FOR_ADMINISTRATORS_ONLY: bool = true;

/// Pixels of a photo's longer side at most. No figure is published.
pub const PHOTO_SIDE: u32 = 5_000;

/// The service spells the refusal to change a confirmed user's address `EMAIL_UPDATE_NOT_ALOWED` in some of
/// its specifications.
pub const EMAIL_UPDATE_NOT_ALLOWED: &str = "EMAIL_UPDATE_NOT_ALLOWED";

/// Life of a page token. The reference names an expiry, not its length.
pub const PAGE_TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// How long deleted records stay in the recycle bin.
pub const RECYCLE_BIN: Duration = Duration::from_secs(60 * 24 * 60 * 60);

/// Conditions that a search takes. The documentation names 10, the refusal 15.
/// <https://www.bigin.com/developer/docs/apis/v2/search-records.html>
pub const SEARCH_CONDITIONS: usize = 15;

/// Whether a search also needs `ZohoSearch.securesearch.READ`, as the documentation says. Searches without it
/// are recorded, so that it is left out.
pub const SEARCH_NEEDS_ITS_SCOPE: bool = false;

/// Tags that a module may have. The answer to a list of tags tells a number, no page does.
pub const TAGS_A_MODULE: usize = 100;

/// Whether one tag can be merged into another. Zoho CRM has a page for it, Bigin's reference has none.
/// Lenient sandboxes always merge.
pub const TAGS_MERGE: bool = false;

/// Related lists of Zoho CRM that Bigin's reference has no page for: paths with them lead nowhere, whereas
/// any other name that is no list is refused as a name.
pub const NO_LISTS: [&str; 2] = ["Emails", "Stage_History"];
