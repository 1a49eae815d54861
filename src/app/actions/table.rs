//! The table of actions.

use super::{
    ActionRow, Availability, Group,
    available::{
        always, answer_cell, answer_rows, answer_sorted, board_or_deals, call, can_change_stage, can_export,
        can_fix, can_go_back, can_go_forward, can_go_up, can_lose, can_mark, can_note, can_open, can_redo,
        can_repeat, can_resume, can_step, can_undo, can_win, catalog, cockpit, completing, console,
        console_ready, deal_list, filtered, has_mail, has_phone, has_record, has_row, list, marked,
        next_stage, not_writing, outbox_row, people_list, previous_stage, sorted_list, text_open, web,
    },
    context::{
        ALL, BASE, BOARD_DEALS, CALLS, CHOOSERS, CLOSED, COMMAND, CONFIRM, CONFLICT, CONFLICT_LINE, CONSOLE,
        CREDITS, DEAL_FORM, DEALS, DRAFTS, EDITOR, EXPORT, FILTERS, HELP, LISTS, MARKED, NOTE, OUTBOX, PANES,
        PARTS, PARTS_BACK, PEOPLE, PICKED, POPUP, QUERIES, READ, RECORD, RESULT, ROWS, SAVE_QUERY, SCROLLED,
        SIDEWAYS, SORTED, TEXTS, VALUES, WITH_DEAL, WITH_RECORD,
    },
};

macro_rules! actions {
    ($($action:ident $name:literal $keys:tt $contexts:ident $group:ident $rank:literal $label:literal $available:ident
        $title:literal, $help:literal;)*) => {
        /// Something that a person can do. The table says the rest.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $(#[doc = $help] $action,)* }

        /// Every action, in the order of help and palette.
        pub static ACTIONS: &[ActionRow] = &[$(ActionRow {
            action: Action::$action,
            name: $name,
            title: $title,
            help: $help,
            group: Group::$group,
            contexts: $contexts,
            keys: &$keys,
            rank: $rank,
            label: $label,
            available: $available as fn(&crate::app::Model) -> Availability,
        },)*];
    };
}

// Variant, name, keys, where its keys live, group, rank in the footer (0: not there), label there,
// when it can be used; then title and help.
actions! {
    Down "move.down" ["j", "down"] ROWS Move 80 "move" always
        "Down", "Moves to the next row, card or line.";
    Up "move.up" ["k", "up"] ROWS Move 80 "move" always
        "Up", "Moves to the row, card or line before.";
    Left "move.left" ["h", "left"] SIDEWAYS Move 0 "left" always
        "Left", "Moves to the stage, part or column on the left.";
    Right "move.right" ["l", "right"] SIDEWAYS Move 0 "right" always
        "Right", "Moves to the stage, part or column on the right.";
    First "move.first" ["g g", "home"] SCROLLED Move 0 "first" always
        "First", "Moves to the first row.";
    Last "move.last" ["G", "end"] SCROLLED Move 0 "last" always
        "Last", "Moves to the last row, however many there are.";
    PageDown "move.page-down" ["pagedown"] SCROLLED Move 0 "page" always
        "Page down", "Moves down by as many rows as the screen shows.";
    PageUp "move.page-up" ["pageup"] SCROLLED Move 0 "page" always
        "Page up", "Moves up by as many rows as the screen shows.";
    HalfDown "move.half-down" ["ctrl-d"] SCROLLED Move 0 "half" always
        "Half a page down", "Moves down by half of what the screen shows.";
    HalfUp "move.half-up" ["ctrl-u"] SCROLLED Move 0 "half" always
        "Half a page up", "Moves up by half of what the screen shows.";
    Pick "move.pick" ["1", "2", "3", "4", "5", "6", "7", "8", "9"] PICKED Move 0 "pick" always
        "Pick by number", "Takes the nth stage or row; as a command, `:pick 3`.";
    NextPart "move.next-part" ["tab"] PARTS Move 60 "part" always
        "Next part", "Goes to the next part of the screen: facts and timeline, editor and result, fields.";
    PreviousPart "move.previous-part" ["backtab"] PARTS_BACK Move 0 "part" always
        "Previous part", "Goes to the part of the screen before.";
    Open "go.open" ["enter"] PANES Move 20 "open" can_open
        "Open", "Opens the record under the cursor, or what the line under it points to; shows a note in full.";
    OutOf "go.up" ["esc", "backspace"] PANES Move 0 "up" can_go_up
        "Up", "Goes up one level, or stops the query that runs. Never quits.";
    NextRecord "record.next" ["J"] RECORD Move 65 "next/prev" can_step
        "Next record", "Shows the next record of the list one came from.";
    PreviousRecord "record.previous" ["K"] RECORD Move 65 "next/prev" can_step
        "Previous record", "Shows the record before, in the list one came from.";

    GoBack "go.back" ["-", "[", "alt-left"] BASE Go 70 "back" can_go_back
        "Back", "Returns to where one was before.";
    GoForward "go.forward" ["]", "alt-right"] BASE Go 0 "forward" can_go_forward
        "Forward", "Takes back a step back.";
    GoBoard "go.board" ["g p"] PANES Go 0 "board" always
        "Go to the board", "Shows the pipeline with its stages as columns.";
    GoDeals "go.deals" ["g d"] PANES Go 0 "deals" always
        "Go to deals", "Shows the deals of the pipeline as a list with totals.";
    GoContacts "go.contacts" ["g c"] PANES Go 0 "contacts" always
        "Go to contacts", "Shows all people.";
    GoCompanies "go.companies" ["g o"] PANES Go 0 "companies" always
        "Go to companies", "Shows all companies.";
    GoNotes "go.notes" ["g n"] PANES Go 0 "notes" always
        "Go to notes", "Shows all notes, newest first.";
    GoCoql "go.coql" ["g q"] PANES Go 0 "COQL" always
        "Go to the COQL console", "Opens the console for queries.";
    GoPipelines "go.pipelines" ["g P"] PANES Go 0 "pipelines" always
        "Go to pipelines", "Shows all pipelines with their totals.";
    GoCredits "go.credits" ["g $"] PANES Go 0 "credits" always
        "Go to the credits cockpit", "Shows where API credits go and what decides it. Costs no credits.";
    GoDrafts "go.drafts" ["g N"] PANES Go 0 "drafts" always
        "Go to drafts", "Lists texts that were typed and not sent.";
    GoOutbox "go.outbox" ["g u"] PANES Go 0 "outbox" always
        "Go to the outbox", "Lists what is not on the server yet: waiting, refused, or changed by someone else too.";
    GoHistory "go.history" ["g h"] WITH_RECORD Go 0 "history" has_record
        "History of the record", "Lists what changed on the record under the cursor: when, who, from what to what.";
    GoMessages "go.messages" ["g m"] PANES Go 0 "messages" always
        "Go to messages", "Lists what the program said lately.";

    ToggleBoard "board.toggle" ["b"] BOARD_DEALS View 55 "board/list" always
        "Board or list", "Switches between the board and the list of deals.";
    PickPipeline "pipeline.pick" ["P"] PANES View 58 "pipeline" catalog
        "Pick a pipeline", "Chooses the team pipeline or sub-pipeline of board and list.";
    Peek "view.peek" ["p"] LISTS View 56 "peek" list
        "Peek", "Shows or hides the record under the cursor beside the list.";
    Filter "filter.open" ["/"] LISTS View 40 "filter" list
        "Filter", "Narrows the list while one types. Costs no credits.";
    FilterMine "filter.mine" ["f m"] BOARD_DEALS View 0 "mine" board_or_deals
        "Only mine", "Shows only deals that are yours, or all again.";
    FilterNoNext "filter.no-next-step" ["f n"] BOARD_DEALS View 0 "no next step" board_or_deals
        "Only without a next step", "Shows only deals without an open activity, or all again.";
    FilterOverdue "filter.overdue" ["f o"] BOARD_DEALS View 0 "overdue" board_or_deals
        "Only overdue", "Shows only deals whose closing date has passed, or all again.";
    FilterClosed "filter.closed" ["f a"] DEALS View 0 "closed too" deal_list
        "Closed deals too", "Also lists deals that are won or lost, or only open ones again.";
    FilterClear "filter.clear" ["f c", "\\"] LISTS View 0 "clear" filtered
        "Clear the filter", "Shows everything again.";
    SortClosing "sort.closing" ["s c"] DEALS View 0 "close date" deal_list
        "Sort by close date", "Orders deals by closing date; once more turns the order round.";
    SortName "sort.name" ["s n"] SORTED View 0 "name" sorted_list
        "Sort by name", "Orders by name; once more turns the order round.";
    SortAmount "sort.amount" ["s a"] DEALS View 0 "amount" deal_list
        "Sort by amount", "Orders deals by amount; once more turns the order round.";
    SortStage "sort.stage" ["s s"] DEALS View 0 "stage" deal_list
        "Sort by stage", "Orders deals by stage; once more turns the order round.";
    SortModified "sort.modified" ["s m"] DEALS View 0 "last change" deal_list
        "Sort by last change", "Orders deals by their last change; once more turns the order round.";
    SortTouched "sort.touched" ["s t"] PEOPLE View 0 "last touch" people_list
        "Sort by last touch", "Orders by the last activity; once more turns the order round.";
    SortReverse "sort.reverse" ["s r"] SORTED View 0 "reverse" sorted_list
        "Turn the order round", "Largest first becomes smallest first, and back.";
    Refresh "view.refresh" ["r"] PANES View 0 "refresh" always
        "Refresh", "Asks the server for what changed and shows it.";
    Resync "view.resync" ["R"] PANES View 0 "fetch all" always
        "Fetch everything again", "Reads every record anew, about 1 credit for 200 of them; asks for a second press.";

    PauseSync "sync.pause" ["p"] CREDITS View 20 "pause sync" always
        "Pause the sync", "Asks the server for nothing by itself, or goes on with it; writes go all the same.";
    CallLog "credits.calls" ["l"] CREDITS View 21 "calls" cockpit
        "Log of calls", "Shows the last calls of this run: what each cost, how long it took, how it ended. Costs no credits.";
    ExportLedger "credits.export" ["x"] CREDITS View 19 "csv" cockpit
        "Credits as CSV", "Writes every call of the last 24 hours with its credits to a new file in the folder where bigin was started.";
    WhatIfPace "credits.what-if" ["t"] CREDITS View 18 "what if" cockpit
        "What if it asked more often", "Reckons what asking every 30, 10 or 5 seconds, or less often, would cost a day.";
    CopyCall "call.copy" ["y"] CALLS Copy 20 "copy as curl" call
        "Copy the call for a shell", "Copies the call as a curl command, without the token and without what a write wrote.";

    Mark "mark.toggle" ["space"] MARKED Mark 37 "mark" can_mark
        "Mark", "Marks the record under the cursor, or takes its mark away, and moves on.";
    MarkRange "mark.range" ["v"] MARKED Mark 0 "range" can_mark
        "Mark a range", "Begins a range at the cursor; once more marks all up to the cursor, Esc leaves it.";
    MarkAll "mark.all" ["V"] MARKED Mark 0 "mark all" can_mark
        "Mark all", "Marks every row that the filter shows, on the board every card of the stage; 1,000 at most.";
    MarkNone "mark.none" ["g v"] MARKED Mark 0 "no marks" marked
        "Take the marks away", "Takes the marks of all records of this kind away, also of those out of sight.";

    StagePrevious "deal.stage-previous" ["H"] WITH_DEAL Deal 10 "move stage" previous_stage
        "Carry to the stage before", "Moves the deal, or all marked ones, one stage back.";
    StageNext "deal.stage-next" ["L"] WITH_DEAL Deal 10 "move stage" next_stage
        "Carry to the next stage", "Moves the deal one stage on; presses in quick succession are one write.";
    StagePick "deal.stage-pick" ["m"] WITH_DEAL Deal 12 "pick stage" can_change_stage
        "Pick a stage", "Moves the deal to a stage chosen by digit or by a few letters.";
    Won "deal.won" ["W"] WITH_DEAL Deal 34 "won" can_win
        "Won", "Closes the deal as won; asks for amount and date.";
    Lost "deal.lost" ["X"] WITH_DEAL Deal 36 "lost" can_lose
        "Lost", "Closes the deal as lost; asks why and when.";
    ChangeAmount "deal.amount" ["c a"] WITH_DEAL Deal 38 "change" can_change_stage
        "Change the amount", "Writes another amount: 48k, 12,500, +10%.";
    ChangeClosing "deal.closing" ["c d"] WITH_DEAL Deal 38 "change" can_change_stage
        "Change the closing date", "Writes another closing date: fri, eom, +2w, 12 Dec.";

    Undo "change.undo" ["u"] PANES Deal 39 "undo" can_undo
        "Undo", "Takes back what you did last, on every record at once; not where someone else changed it since.";
    Repeat "change.repeat" ["."] WITH_DEAL Deal 0 "repeat" can_repeat
        "Do it once more", "Makes the last change of a deal here too: one stage on, another stage, an amount, a date.";
    Redo "change.redo" ["U"] PANES Deal 0 "redo" can_redo
        "Redo", "Does again what was undone last.";

    NewNote "note.new" ["n"] WITH_RECORD Note 15 "note" can_note
        "Note", "Writes a note on the record under the cursor.";
    NewNoteExternal "note.new-in-editor" ["N"] WITH_RECORD Note 0 "note in editor" can_note
        "Note in your editor", "Writes a note on the record under the cursor in $EDITOR.";
    SaveNote "note.save" ["enter"] NOTE Note 10 "save" always
        "Save the note", "Sends the note; it is written down here first.";
    NewLine "note.newline" ["ctrl-j", "alt-enter", "shift-enter"] NOTE Note 20 "new line" always
        "New line", "Begins a new line of the note.";
    NextTarget "note.target" ["tab"] NOTE Note 30 "on which record" always
        "Next record for the note", "Puts the note on the deal, its contact or its company.";
    PreviousTarget "note.target-previous" ["backtab"] NOTE Note 0 "on which record" always
        "Previous record for the note", "Goes back through the records that the note can be on.";
    External "text.editor" ["f4"] TEXTS Note 40 "$EDITOR" text_open
        "Edit in your editor", "Opens the text in $EDITOR and takes back what was saved.";
    ParkNote "note.park" ["esc"] NOTE Note 50 "keep draft" always
        "Keep as a draft", "Closes the editor and keeps the text; `n` brings it back.";
    DropDraft "drafts.drop" ["D"] DRAFTS Note 20 "throw away" always
        "Throw the draft away", "Deletes the text under the cursor for good.";

    OutboxOpen "outbox.open" ["enter"] OUTBOX Outbox 10 "open" outbox_row
        "Open or decide", "Opens the record of the write, or asks which of two changes is to be.";
    OutboxEdit "outbox.edit" ["e"] OUTBOX Outbox 20 "edit and send" outbox_row
        "Edit and send again", "Takes the note back into the editor, or asks for another stage.";
    OutboxCancel "outbox.cancel" ["D"] OUTBOX Outbox 30 "take out" outbox_row
        "Take out", "Does not send the write; the text of a note stays a draft, of a refused one it goes.";
    OutboxSend "outbox.send" ["r"] OUTBOX Outbox 40 "send now" outbox_row
        "Send now", "Tries again at once what waits for its next try; a refused write is sent once more.";
    OutboxEarlier "outbox.earlier" ["K"] OUTBOX Outbox 50 "earlier/later" outbox_row
        "Send earlier", "Moves the write before the one above it.";
    OutboxLater "outbox.later" ["J"] OUTBOX Outbox 50 "earlier/later" outbox_row
        "Send later", "Moves the write behind the one below it.";
    ConflictMine "conflict.mine" ["m"] CONFLICT Outbox 10 "mine" always
        "Keep mine", "Writes your value over theirs.";
    ConflictTheirs "conflict.theirs" ["t"] CONFLICT Outbox 20 "theirs" always
        "Take theirs", "Leaves the field as it is on the server.";
    ConflictEdit "conflict.edit" ["e"] CONFLICT Outbox 30 "another value" always
        "Write another value", "Types a value that is neither yours nor theirs.";
    ConflictTyped "conflict.typed" ["enter"] CONFLICT_LINE Outbox 10 "write it" always
        "Write the typed value", "Takes the line as the value of the field.";

    YankName "yank.name" ["y n"] WITH_RECORD Copy 0 "name" has_record
        "Copy the name", "Copies the record's name.";
    YankId "yank.id" ["y i"] WITH_RECORD Copy 0 "id" has_record
        "Copy the id", "Copies the record's id.";
    YankMail "yank.mail" ["y e"] WITH_RECORD Copy 0 "e-mail" has_mail
        "Copy the e-mail address", "Copies the contact's e-mail address.";
    YankPhone "yank.phone" ["y p"] WITH_RECORD Copy 0 "phone" has_phone
        "Copy the phone number", "Copies the phone number of the contact or company.";
    YankRow "yank.row" ["y r"] WITH_RECORD Copy 0 "row" has_row
        "Copy the row", "Copies the record's columns, separated by tabs.";
    YankCell "yank.cell" ["y v"] RESULT Copy 0 "cell" answer_cell
        "Copy the cell", "Copies the value under the cursor.";
    YankTable "yank.table" ["y t"] RESULT Copy 0 "table" answer_cell
        "Copy the table", "Copies the marked rows, or all, with their headings, separated by tabs; says where it is cut.";
    YankLink "yank.link" ["y y"] WITH_RECORD Copy 0 "link" web
        "Copy the link", "Copies the address of the record in Bigin on the web.";
    OpenWeb "record.open-web" ["o"] WITH_RECORD Copy 0 "browser" web
        "Open in the browser", "Shows the record in Bigin on the web; over SSH the link is shown and copied.";

    RunCoql "coql.run" ["f5", "alt-enter", "ctrl-enter"] CONSOLE Console 10 "run" console_ready
        "Run the query", "Runs the statement under the cursor; on the server 1 credit a page of 200 rows.";
    ResumeCoql "coql.resume" ["f8"] CONSOLE Console 15 "go on" can_resume
        "Go on fetching", "Fetches what is missing of an answer that was cut.";
    FixCoql "coql.fix" ["f3"] CONSOLE Console 12 "fix" can_fix
        "Put it right", "Makes the change that puts right what is said of the place under the cursor.";
    RunOnNext "coql.run-on" ["f6"] CONSOLE Console 44 "where" console
        "Where it runs", "Goes from the mirror or else the server to the server to the mirror.";
    ToggleStrict "coql.strict" ["f7"] CONSOLE Console 46 "language" console
        "Bigin's language only", "Holds queries to what Bigin documents and sends them as they are, or the wide language again.";
    CompleteCoql "coql.complete" ["tab"] EDITOR Console 30 "complete" console
        "Complete", "Lists what could be written at the cursor.";
    TakeCompletion "coql.take" ["enter", "tab"] POPUP Console 5 "take" completing
        "Take the completion", "Writes what is under the cursor of the list.";
    CloseCompletions "coql.close-list" ["esc"] POPUP Console 6 "close" completing
        "Close the completions", "Closes the list and goes on typing.";
    EditCoql "coql.edit" ["e", "i"] RESULT Console 20 "edit" console
        "Edit the query", "Gives the keys to the editor.";
    LeaveEditor "coql.leave" ["esc"] EDITOR Console 20 "result" console
        "Leave the editor", "Stops the query that runs, else gives the keys to the result; the text stays.";
    OlderCoql "coql.older" ["alt-up"] CONSOLE Console 40 "history" console
        "Older query", "Brings back a query that was run before.";
    NewerCoql "coql.newer" ["alt-down"] CONSOLE Console 40 "history" console
        "Newer query", "Goes back towards the newest query.";

    HistoryCoql "coql.history" ["ctrl-r", "alt-h"] CONSOLE Console 42 "history" console
        "History of queries", "Lists queries that were run, also in earlier sessions; letters search them.";
    SavedCoql "coql.saved" ["f12", "alt-s"] CONSOLE Console 44 "saved" console
        "Saved queries", "Lists your queries and those that come with the program.";
    SaveCoql "coql.save" ["f9"] CONSOLE Console 46 "save" console_ready
        "Save the query", "Saves the text of the editor under a name, as a plain .coql file.";
    FrequencyCoql "result.frequency" ["F"] RESULT Console 11 "frequency" answer_cell
        "Frequency of the column", "Counts how often each value of the column occurs; Enter then shows the rows of one.";
    TotalsCoql "result.totals" ["="] RESULT Console 13 "totals" answer_cell
        "Totals of the column", "Counts, sums and averages the column, with its extremes.";
    LikeCoql "result.like" ["@", "f l"] RESULT Console 13 "like this" answer_cell
        "Like this cell", "Shows only rows with the value under the cursor.";
    UnlikeCoql "result.unlike" ["f u"] RESULT Console 0 "unlike this" answer_cell
        "Unlike this cell", "Shows all rows but those with the value under the cursor.";
    SortUpCoql "result.sort-up" ["s a"] RESULT Console 0 "ascending" answer_rows
        "Sort the rows, smallest first", "Orders what was fetched by the column under the cursor; costs no credits.";
    SortDownCoql "result.sort-down" ["s d"] RESULT Console 0 "descending" answer_rows
        "Sort the rows, largest first", "Orders what was fetched by the column under the cursor; costs no credits.";
    SortNoneCoql "result.sort-none" ["s o"] RESULT Console 0 "as it came" answer_sorted
        "Rows as they came", "Brings back the order that the query gave.";
    WiderCoql "result.wider" [">"] RESULT Console 50 "width" answer_rows
        "Wider column", "Makes the column under the cursor wider.";
    NarrowerCoql "result.narrower" ["<"] RESULT Console 50 "width" answer_rows
        "Narrower column", "Makes the column under the cursor narrower.";
    ExportCoql "result.export" ["x"] RESULT Console 14 "export" can_export
        "Export", "Writes the marked rows, or all, to a file in the background: CSV, TSV, NDJSON, JSON, Markdown or SQLite.";
    UseQuery "query.use" ["enter"] QUERIES Dialog 10 "into the editor" always
        "Take the query", "Puts the query into the editor, where F5 runs it; what was there is an older query.";
    RunQuery "query.run" ["f5", "alt-enter"] QUERIES Dialog 12 "run" always
        "Run the query from the list", "Puts the query into the editor and runs it.";
    SaveQueryNow "query.save" ["enter"] SAVE_QUERY Dialog 10 "save" always
        "Save under this name", "Writes the query to a file in your folder of queries.";
    WriteExport "export.write" ["enter"] EXPORT Dialog 10 "write" not_writing
        "Write the file", "Begins to write; the file gets its name when it is whole.";

    Command "command.open" [":"] PANES App 91 "cmd" always
        "Command line", "Types a command; Tab completes.";
    Palette "palette.open" ["ctrl-k", "f2"] BASE App 92 "all" always
        "Palette", "Finds any action, record or pane by a few letters. Costs no credits.";
    Help "help.open" ["?", "f1"] BASE App 90 "help" always
        "Help", "Lists every key that works here, and why one does not.";
    Cancel "app.cancel" ["ctrl-c"] ALL App 0 "cancel" always
        "Cancel", "Stops the running request or closes the dialog; twice quits.";
    Redraw "app.redraw" ["ctrl-l"] ALL App 0 "redraw" always
        "Redraw", "Paints the whole screen again.";
    Suspend "app.suspend" ["ctrl-z"] ALL App 0 "suspend" always
        "Suspend", "Returns to the shell; `fg` continues.";
    Leave "app.leave" ["q"] PANES App 0 "back" always
        "Leave", "Leaves the record; in a pane, quits.";
    Quit "app.quit" ["f10"] BASE App 0 "quit" always
        "Quit", "Quits. Drafts and writes under way are kept.";

    RunWithValues "coql.run-with" ["enter"] VALUES Dialog 10 "run" always
        "Run with these values", "Runs the query with the values of its parameters.";
    Accept "dialog.accept" ["enter"] CHOOSERS Dialog 10 "choose" always
        "Choose", "Takes what is under the cursor.";
    RunCommand "command.run" ["enter"] COMMAND Dialog 10 "run" always
        "Run the command", "Does what the line says, or says what is wrong with it.";
    KeepFilter "filter.keep" ["enter"] FILTERS Dialog 10 "keep" always
        "Keep the filter", "Closes the line and goes on showing only what matches.";
    WriteDeal "deal.write" ["enter"] DEAL_FORM Dialog 10 "write it" always
        "Write the deal", "Writes stage, amount and date as they stand in the form.";
    Yes "confirm.yes" ["y"] CONFIRM Dialog 10 "yes" always
        "Yes", "Changes all of them, as one step that `u` takes back.";
    No "confirm.no" ["n"] CONFIRM Dialog 20 "no" always
        "No", "Changes none of them; the marks stay.";
    Close "dialog.close" ["esc"] CLOSED Dialog 85 "close" always
        "Close", "Closes the dialog and changes nothing.";
    CloseRead "dialog.leave" ["q"] READ Dialog 0 "close" always
        "Leave", "Closes what was only to be read.";
    HelpFilter "help.filter" ["/"] HELP Dialog 20 "find" always
        "Find in the help", "Shows only rows with these letters.";
    Complete "command.complete" ["tab"] COMMAND Dialog 20 "complete" always
        "Complete", "Completes the word; once more takes the next one.";
    CompleteBack "command.complete-back" ["backtab"] COMMAND Dialog 0 "complete" always
        "Complete backwards", "Takes the completion before.";
    OlderCommand "command.older" ["up"] COMMAND Dialog 30 "history" always
        "Older command", "Brings back a command that was run before.";
    NewerCommand "command.newer" ["down"] COMMAND Dialog 30 "history" always
        "Newer command", "Goes back towards what was typed.";
}
