//! The rows, in the order of the reference: records first, then what surrounds them.

use super::{
    Cost::{self, Fixed, PerFifty, PerTen, View},
    Endpoint,
    Load::{self, Heavy, Light, OverTen, ViewOrSort},
    Method::{self, Delete, Get, Patch, Post, Put},
    Repeat::{self, Never, Once, Safe},
};

/// An operation of the API; `op as usize` is its row.
///
/// <https://www.bigin.com/developer/docs/apis/v2/>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::EnumIter)]
pub enum Op {
    /// Records of a module, a page at a time.
    ListRecords,
    /// One record.
    GetRecord,
    /// New records.
    InsertRecords,
    /// Changes to records, each with its id.
    UpdateRecords,
    /// Changes to one record.
    UpdateRecord,
    /// Records matched by unique fields, else new.
    UpsertRecords,
    /// Records into the recycle bin, by ids.
    DeleteRecords,
    /// One record into the recycle bin.
    DeleteRecord,
    /// Which records were deleted.
    DeletedRecords,
    /// How many records match.
    CountRecords,
    /// Records by criteria, e-mail, phone or word.
    SearchRecords,
    /// A new owner for one record.
    ChangeOwner,
    /// A new owner for several records.
    ChangeOwners,
    /// Rows of a COQL query.
    Coql,
    /// All notes, a page at a time.
    ListNotes,
    /// The notes of one record.
    NotesOf,
    /// New notes on one record.
    CreateNote,
    /// New notes, each with its parent.
    CreateNotes,
    /// Changes to a note.
    UpdateNote,
    /// A note away.
    DeleteNote,
    /// Several notes away.
    DeleteNotes,
    /// Every module of the org.
    ListModules,
    /// One module.
    GetModule,
    /// The fields of a module.
    ListFields,
    /// One field.
    GetField,
    /// Layouts; those of deals are the team pipelines.
    ListLayouts,
    /// One layout.
    GetLayout,
    /// The custom views of a module.
    ListViews,
    /// One custom view with its criteria.
    GetView,
    /// The related lists of a module.
    ListRelatedLists,
    /// Users, all or of one type.
    ListUsers,
    /// One user.
    GetUser,
    /// A new user, invited by mail.
    AddUser,
    /// Changes to users, each with the id.
    UpdateUsers,
    /// Changes to one user.
    UpdateUser,
    /// A user away.
    DeleteUser,
    /// The organisation.
    GetOrg,
    /// The organisation's photo.
    SetOrgPhoto,
    /// Roles of users.
    ListRoles,
    /// One role.
    GetRole,
    /// Profiles of permissions.
    ListProfiles,
    /// One profile with its permissions.
    GetProfile,
    /// The tags of a module.
    ListTags,
    /// New tags for a module.
    CreateTags,
    /// New names for tags.
    UpdateTags,
    /// A new name for one tag.
    UpdateTag,
    /// A tag away, from its records too.
    DeleteTag,
    /// How many records carry a tag.
    CountTag,
    /// Tags onto one record.
    AddTags,
    /// Tags onto several records.
    AddTagsToMany,
    /// Tags off one record.
    RemoveTags,
    /// Tags off several records.
    RemoveTagsFromMany,
    /// Records in a related list.
    RelatedRecords,
    /// Deals of a contact in one team pipeline.
    DealsOfContact,
    /// Records into a related list.
    LinkRecords,
    /// One record into a related list.
    LinkRecord,
    /// Records out of a related list.
    DelinkRecords,
    /// One record out of a related list.
    DelinkRecord,
    /// The attachments of a record.
    ListAttachments,
    /// A file or link onto a record.
    UploadAttachment,
    /// The bytes of an attachment.
    DownloadAttachment,
    /// An attachment away.
    DeleteAttachment,
    /// Files for fields and mails.
    UploadFiles,
    /// The bytes of a file.
    DownloadFile,
    /// A record's photo.
    UploadPhoto,
    /// The bytes of a record's photo.
    DownloadPhoto,
    /// A record's photo away.
    DeletePhoto,
    /// Addresses that mails may come from.
    FromAddresses,
    /// A mail to the people of a record.
    SendMail,
    /// An export job.
    BulkReadCreate,
    /// How an export job goes.
    BulkReadStatus,
    /// The zip of an export.
    BulkReadResult,
    /// The zip of an import.
    BulkUpload,
    /// An import job.
    BulkWriteCreate,
    /// How an import job goes.
    BulkWriteStatus,
    /// Channels of notifications; the same channel again only renews it.
    Watch,
    /// Channels that live.
    Watches,
    /// Channels replaced.
    UpdateWatch,
    /// Events off channels.
    TrimWatch,
    /// Channels away.
    StopWatch,
}

/// Every operation, one row each. Columns: operation, name, words, method, path, scope, credits, load, most records
/// in one call, repetition after a lost answer.
///
/// <https://www.bigin.com/developer/docs/apis/v2/scopes.html>,
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
#[rustfmt::skip]
pub static ENDPOINTS: &[Endpoint] = &[
    row(Op::ListRecords, "records.list", "list {many}", Get, "/bigin/v2/{module}",
        "ZohoBigin.modules.{module}.READ", View, ViewOrSort, 200, Safe),
    row(Op::GetRecord, "records.get", "read {one}", Get, "/bigin/v2/{module}/{id}",
        "ZohoBigin.modules.{module}.READ", Fixed(1), Light, 1, Safe),
    row(Op::InsertRecords, "records.insert", "create {one}", Post, "/bigin/v2/{module}",
        "ZohoBigin.modules.{module}.CREATE", PerTen, OverTen, 100, Never),
    row(Op::UpdateRecords, "records.update", "update {many}", Put, "/bigin/v2/{module}",
        "ZohoBigin.modules.{module}.UPDATE", PerTen, OverTen, 100, Once),
    row(Op::UpdateRecord, "records.update-one", "update {one}", Put, "/bigin/v2/{module}/{id}",
        "ZohoBigin.modules.{module}.UPDATE", PerTen, Light, 1, Once),
    row(Op::UpsertRecords, "records.upsert", "create or update {many}", Post, "/bigin/v2/{module}/upsert",
        "ZohoBigin.modules.{module}.CREATE ZohoBigin.modules.{module}.UPDATE", PerTen, OverTen, 100, Never),
    row(Op::DeleteRecords, "records.delete", "delete {many}", Delete, "/bigin/v2/{module}",
        "ZohoBigin.modules.{module}.DELETE", Fixed(1), Light, 100, Never),
    row(Op::DeleteRecord, "records.delete-one", "delete {one}", Delete, "/bigin/v2/{module}/{id}",
        "ZohoBigin.modules.{module}.DELETE", Fixed(1), Light, 1, Never),
    row(Op::DeletedRecords, "records.deleted", "list deleted {many}", Get, "/bigin/v2/{module}/deleted",
        "ZohoBigin.modules.{module}.READ", Fixed(1), Light, 200, Safe),
    row(Op::CountRecords, "records.count", "count {many}", Get, "/bigin/v2/{module}/actions/count",
        "ZohoBigin.modules.{module}.READ", Fixed(1), Light, 0, Safe),
    row(Op::SearchRecords, "records.search", "search {many}", Get, "/bigin/v2/{module}/search",
        "ZohoBigin.modules.{module}.READ ZohoSearch.securesearch.READ", Fixed(1), Light, 200, Safe),
    row(Op::ChangeOwner, "records.change-owner", "give {one} to another owner", Post, "/bigin/v2/{module}/{id}/actions/change_owner",
        "ZohoBigin.change_owner.CREATE", Fixed(1), Light, 1, Once),
    row(Op::ChangeOwners, "records.change-owners", "give {many} to another owner", Post, "/bigin/v2/{module}/actions/change_owner",
        "ZohoBigin.change_owner.CREATE", Fixed(1), Light, 500, Once),
    row(Op::Coql, "coql", "run a COQL query", Post, "/bigin/v2/coql",
        "ZohoBigin.coql.READ", Fixed(1), Heavy, 200, Safe),
    row(Op::ListNotes, "notes.list", "list notes", Get, "/bigin/v2/Notes",
        "ZohoBigin.modules.notes.READ", View, ViewOrSort, 200, Safe),
    row(Op::NotesOf, "notes.of", "list the notes of {one}", Get, "/bigin/v2/{module}/{id}/Notes",
        "ZohoBigin.modules.{module}.READ ZohoBigin.modules.notes.READ", Fixed(1), Light, 200, Safe),
    row(Op::CreateNote, "notes.create", "add a note to {one}", Post, "/bigin/v2/{module}/{id}/Notes",
        "ZohoBigin.modules.{module}.CREATE ZohoBigin.modules.notes.CREATE", PerTen, OverTen, 100, Never),
    row(Op::CreateNotes, "notes.create-many", "add notes", Post, "/bigin/v2/Notes",
        "ZohoBigin.modules.notes.CREATE", PerTen, OverTen, 100, Never),
    row(Op::UpdateNote, "notes.update", "change a note", Put, "/bigin/v2/{module}/{id}/Notes/{related}",
        "ZohoBigin.modules.{module}.UPDATE ZohoBigin.modules.notes.UPDATE", PerTen, Light, 1, Once),
    row(Op::DeleteNote, "notes.delete", "delete a note", Delete, "/bigin/v2/{module}/{id}/Notes/{related}",
        "ZohoBigin.modules.{module}.DELETE ZohoBigin.modules.notes.DELETE", Fixed(1), Light, 1, Never),
    row(Op::DeleteNotes, "notes.delete-many", "delete notes", Delete, "/bigin/v2/Notes",
        "ZohoBigin.modules.notes.DELETE", Fixed(1), Light, 100, Never),
    row(Op::ListModules, "metadata.modules", "list the modules", Get, "/bigin/v2/settings/modules",
        "ZohoBigin.settings.modules.READ", Fixed(1), Light, 0, Safe),
    row(Op::GetModule, "metadata.module", "read about a module", Get, "/bigin/v2/settings/modules/{module}",
        "ZohoBigin.settings.modules.READ", Fixed(1), Light, 0, Safe),
    row(Op::ListFields, "metadata.fields", "list the fields of {many}", Get, "/bigin/v2/settings/fields",
        "ZohoBigin.settings.fields.READ", Fixed(1), Light, 0, Safe),
    row(Op::GetField, "metadata.field", "read about a field", Get, "/bigin/v2/settings/fields/{id}",
        "ZohoBigin.settings.fields.READ", Fixed(1), Light, 0, Safe),
    row(Op::ListLayouts, "metadata.layouts", "read the pipelines and layouts", Get, "/bigin/v2/settings/layouts",
        "ZohoBigin.settings.layouts.READ", Fixed(1), Light, 0, Safe),
    row(Op::GetLayout, "metadata.layout", "read a pipeline or layout", Get, "/bigin/v2/settings/layouts/{id}",
        "ZohoBigin.settings.layouts.READ", Fixed(1), Light, 0, Safe),
    row(Op::ListViews, "metadata.views", "list the views of {many}", Get, "/bigin/v2/settings/custom_views",
        "ZohoBigin.settings.custom_views.READ", Fixed(1), Light, 200, Safe),
    row(Op::GetView, "metadata.view", "read about a view", Get, "/bigin/v2/settings/custom_views/{id}",
        "ZohoBigin.settings.custom_views.READ", Fixed(1), Light, 0, Safe),
    row(Op::ListRelatedLists, "metadata.related-lists", "list what {many} can be related to", Get, "/bigin/v2/settings/related_lists",
        "ZohoBigin.settings.related_lists.READ", Fixed(1), Light, 0, Safe),
    row(Op::ListUsers, "users.list", "list users", Get, "/bigin/v2/users",
        "ZohoBigin.users.READ", Fixed(1), Light, 200, Safe),
    row(Op::GetUser, "users.get", "read about a user", Get, "/bigin/v2/users/{id}",
        "ZohoBigin.users.READ", Fixed(1), Light, 1, Safe),
    row(Op::AddUser, "users.add", "invite a user", Post, "/bigin/v2/users",
        "ZohoBigin.users.CREATE", Fixed(1), Light, 1, Never),
    row(Op::UpdateUsers, "users.update", "change users", Put, "/bigin/v2/users",
        "ZohoBigin.users.WRITE", Fixed(1), Light, 100, Once),
    row(Op::UpdateUser, "users.update-one", "change a user", Put, "/bigin/v2/users/{id}",
        "ZohoBigin.users.WRITE", Fixed(1), Light, 1, Once),
    row(Op::DeleteUser, "users.delete", "remove a user", Delete, "/bigin/v2/users/{id}",
        "ZohoBigin.users.DELETE", Fixed(1), Light, 1, Never),
    row(Op::GetOrg, "org.get", "read about the organisation", Get, "/bigin/v2/org",
        "ZohoBigin.org.READ", Fixed(1), Light, 0, Safe),
    row(Op::SetOrgPhoto, "org.photo", "change the organisation's photo", Post, "/bigin/v2/org/photo",
        "ZohoBigin.org.ALL", Fixed(1), Light, 0, Once),
    row(Op::ListRoles, "users.roles", "list roles", Get, "/bigin/v2/settings/roles",
        "ZohoBigin.settings.roles.READ", Fixed(1), Light, 0, Safe),
    row(Op::GetRole, "users.role", "read about a role", Get, "/bigin/v2/settings/roles/{id}",
        "ZohoBigin.settings.roles.READ", Fixed(1), Light, 0, Safe),
    row(Op::ListProfiles, "users.profiles", "list permission profiles", Get, "/bigin/v2/settings/profiles",
        "ZohoBigin.settings.profiles.READ", Fixed(1), Light, 0, Safe),
    row(Op::GetProfile, "users.profile", "read about a permission profile", Get, "/bigin/v2/settings/profiles/{id}",
        "ZohoBigin.settings.profiles.READ", Fixed(1), Light, 0, Safe),
    row(Op::ListTags, "tags.list", "list the tags of {many}", Get, "/bigin/v2/settings/tags",
        "ZohoBigin.settings.tags.READ", Fixed(1), Light, 0, Safe),
    row(Op::CreateTags, "tags.create", "create tags", Post, "/bigin/v2/settings/tags",
        "ZohoBigin.settings.tags.CREATE", Fixed(1), Light, 50, Never),
    row(Op::UpdateTags, "tags.update", "rename tags", Put, "/bigin/v2/settings/tags",
        "ZohoBigin.settings.tags.UPDATE", Fixed(1), Light, 50, Once),
    row(Op::UpdateTag, "tags.update-one", "rename a tag", Put, "/bigin/v2/settings/tags/{id}",
        "ZohoBigin.settings.tags.UPDATE", Fixed(1), Light, 1, Once),
    row(Op::DeleteTag, "tags.delete", "delete a tag", Delete, "/bigin/v2/settings/tags/{id}",
        "ZohoBigin.settings.tags.DELETE", Fixed(1), Light, 1, Never),
    row(Op::CountTag, "tags.count", "count the records of a tag", Get, "/bigin/v2/settings/tags/{id}/actions/records_count",
        "ZohoBigin.settings.tags.READ", Fixed(1), Light, 0, Safe),
    row(Op::AddTags, "records.add-tags", "tag {one}", Post, "/bigin/v2/{module}/{id}/actions/add_tags",
        "ZohoBigin.modules.{module}.WRITE", Fixed(1), Light, 1, Once),
    row(Op::AddTagsToMany, "records.add-tags-many", "tag {many}", Post, "/bigin/v2/{module}/actions/add_tags",
        "ZohoBigin.modules.{module}.WRITE", PerFifty, Light, 500, Once),
    row(Op::RemoveTags, "records.remove-tags", "untag {one}", Post, "/bigin/v2/{module}/{id}/actions/remove_tags",
        "ZohoBigin.modules.{module}.WRITE", Fixed(1), Light, 1, Once),
    row(Op::RemoveTagsFromMany, "records.remove-tags-many", "untag {many}", Post, "/bigin/v2/{module}/actions/remove_tags",
        "ZohoBigin.modules.{module}.WRITE", PerFifty, Light, 500, Once),
    row(Op::RelatedRecords, "related.list", "list what is related to {one}", Get, "/bigin/v2/{module}/{id}/{list}",
        "ZohoBigin.modules.{module}.READ", Fixed(1), Light, 200, Safe),
    row(Op::DealsOfContact, "related.deals", "list the deals of a contact", Get, "/bigin/v2/Contacts/{id}/Pipelines",
        "ZohoBigin.modules.pipelines.READ ZohoBigin.modules.contacts.READ", Fixed(1), Light, 200, Safe),
    row(Op::LinkRecords, "related.link", "relate {one} to others", Put, "/bigin/v2/{module}/{id}/{list}",
        "ZohoBigin.modules.{module}.WRITE", Fixed(1), Light, 100, Once),
    row(Op::LinkRecord, "related.link-one", "relate {one} to another", Put, "/bigin/v2/{module}/{id}/{list}/{related}",
        "ZohoBigin.modules.{module}.WRITE", Fixed(1), Light, 1, Once),
    row(Op::DelinkRecords, "related.delink", "take others off {one}", Delete, "/bigin/v2/{module}/{id}/{list}",
        "ZohoBigin.modules.{module}.DELETE", Fixed(1), Light, 100, Never),
    row(Op::DelinkRecord, "related.delink-one", "take another off {one}", Delete, "/bigin/v2/{module}/{id}/{list}/{related}",
        "ZohoBigin.modules.{module}.DELETE", Fixed(1), Light, 1, Never),
    row(Op::ListAttachments, "files.attachments", "list the attachments of {one}", Get, "/bigin/v2/{module}/{id}/Attachments",
        "ZohoBigin.modules.{module}.READ ZohoBigin.modules.attachments.READ", Fixed(1), Light, 200, Safe),
    row(Op::UploadAttachment, "files.attach", "attach a file to {one}", Post, "/bigin/v2/{module}/{id}/Attachments",
        "ZohoBigin.modules.{module}.WRITE ZohoBigin.modules.attachments.CREATE", Fixed(1), Light, 1, Never),
    row(Op::DownloadAttachment, "files.download-attachment", "download an attachment", Get, "/bigin/v2/{module}/{id}/Attachments/{related}",
        "ZohoBigin.modules.{module}.READ ZohoBigin.modules.attachments.READ", Fixed(1), Light, 1, Safe),
    row(Op::DeleteAttachment, "files.delete-attachment", "delete an attachment", Delete, "/bigin/v2/{module}/{id}/Attachments/{related}",
        "ZohoBigin.modules.{module}.DELETE ZohoBigin.modules.attachments.DELETE", Fixed(1), Light, 1, Never),
    row(Op::UploadFiles, "files.upload", "upload files", Post, "/bigin/v2/files",
        "ZohoBigin.Files.CREATE", Fixed(1), Light, 10, Never),
    row(Op::DownloadFile, "files.download", "download a file", Get, "/bigin/v2/files",
        "ZohoBigin.Files.READ", Fixed(1), Light, 1, Safe),
    row(Op::UploadPhoto, "files.set-photo", "set the photo of {one}", Post, "/bigin/v2/{module}/{id}/photo",
        "ZohoBigin.modules.{module}.WRITE", Fixed(1), Light, 1, Once),
    row(Op::DownloadPhoto, "files.photo", "download the photo of {one}", Get, "/bigin/v2/{module}/{id}/photo",
        "ZohoBigin.modules.{module}.READ", Fixed(1), Light, 1, Safe),
    row(Op::DeletePhoto, "files.delete-photo", "remove the photo of {one}", Delete, "/bigin/v2/{module}/{id}/photo",
        "ZohoBigin.modules.{module}.DELETE", Fixed(1), Light, 1, Never),
    row(Op::FromAddresses, "mail.from", "list the addresses to send from", Get, "/bigin/v2/settings/emails/actions/from_addresses",
        "ZohoBigin.settings.emails.READ", Fixed(1), Light, 0, Safe),
    row(Op::SendMail, "mail.send", "send a mail", Post, "/bigin/v2/{module}/{id}/actions/send_mail",
        "ZohoBigin.send_mail.all.CREATE", Fixed(20), Heavy, 1, Never),
    row(Op::BulkReadCreate, "bulk.read", "start an export of {many}", Post, "/bigin/bulk/v2/read",
        "ZohoBigin.bulk.READ ZohoBigin.modules.{module}.READ", Fixed(50), Light, 0, Never),
    row(Op::BulkReadStatus, "bulk.read-status", "ask how an export goes", Get, "/bigin/bulk/v2/read/{id}",
        "ZohoBigin.bulk.READ", Fixed(1), Light, 0, Safe),
    row(Op::BulkReadResult, "bulk.read-result", "download an export", Get, "/bigin/bulk/v2/read/{id}/result",
        "ZohoBigin.bulk.READ", Fixed(1), Light, 0, Safe),
    row(Op::BulkUpload, "bulk.upload", "upload a file to import", Post, "/bigin/v2/upload",
        "ZohoFiles.files.ALL", Fixed(1), Light, 0, Never),
    row(Op::BulkWriteCreate, "bulk.write", "start an import of {many}", Post, "/bigin/bulk/v2/write",
        "ZohoBigin.bulk.CREATE ZohoBigin.modules.{module}.CREATE", Fixed(500), Light, 0, Never),
    row(Op::BulkWriteStatus, "bulk.write-status", "ask how an import goes", Get, "/bigin/bulk/v2/write/{id}",
        "ZohoBigin.bulk.CREATE", Fixed(1), Light, 0, Safe),
    row(Op::Watch, "notifications.watch", "ask for notifications", Post, "/bigin/v2/actions/watch",
        "ZohoBigin.notifications.CREATE", Fixed(1), Light, 100, Once),
    row(Op::Watches, "notifications.list", "list the notifications asked for", Get, "/bigin/v2/actions/watch",
        "ZohoBigin.notifications.READ", Fixed(1), Light, 200, Safe),
    row(Op::UpdateWatch, "notifications.update", "change notifications", Put, "/bigin/v2/actions/watch",
        "ZohoBigin.notifications.UPDATE", Fixed(1), Light, 100, Once),
    row(Op::TrimWatch, "notifications.trim", "stop some notifications", Patch, "/bigin/v2/actions/watch",
        "ZohoBigin.notifications.UPDATE", Fixed(1), Light, 100, Once),
    row(Op::StopWatch, "notifications.stop", "stop notifications", Delete, "/bigin/v2/actions/watch",
        "ZohoBigin.notifications.DELETE", Fixed(1), Light, 100, Never),
];

#[expect(clippy::too_many_arguments, reason = "a row of the table, one argument a column")]
const fn row(
    op: Op,
    name: &'static str,
    phrase: &'static str,
    method: Method,
    path: &'static str,
    scope: &'static str,
    cost: Cost,
    load: Load,
    max_records: u16,
    repeat: Repeat,
) -> Endpoint {
    Endpoint { op, name, phrase, method, path, scope, cost, load, max_records, repeat }
}
