//! The custom views of the seeded organisation.
//!
//! <https://www.bigin.com/developer/docs/apis/custom-view-meta.html>

use super::super::Id;

/// A custom view: a named filter with columns.
#[derive(Debug, Clone)]
pub struct View {
    /// Its id, the `cvid` of a list.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// The service's own name; views that people made have none.
    pub system_name: Option<&'static str>,
    /// Whether the module opens with it.
    pub default: bool,
    /// Whether somebody of the organisation made it.
    pub made_by_user: bool,
    /// What the rows fulfil, all of it.
    pub criteria: Vec<Condition>,
    /// API names of the columns.
    pub columns: &'static [&'static str],
    /// Column of the order and whether it descends.
    pub sort: Option<(&'static str, bool)>,
}

/// One condition of a view, in the metadata's words.
#[derive(Debug, Clone, Copy)]
pub struct Condition {
    /// API name.
    pub field: &'static str,
    /// `equal`, `not_equal`, `in`, `greater_than` and so on.
    pub comparator: &'static str,
    /// A value, `${EMPTY}`, `${CURRENTUSER}`, `${TODAY}`, `${THISMONTH}` or a list joined by commas.
    pub value: &'static str,
}

struct Spec {
    module: &'static str,
    name: &'static str,
    criteria: &'static [Condition],
    sort: Option<(&'static str, bool)>,
}

const fn when(field: &'static str, comparator: &'static str, value: &'static str) -> Condition {
    Condition { field, comparator, value }
}

const CLOSED: &str = "Closed Won,Closed Lost,Renewed,Cancelled,Signed,Not Now";

const MADE_BY_USERS: &[Spec] = &[
    Spec {
        module: "Pipelines",
        name: "Closing this month",
        criteria: &[when("Closing_Date", "equal", "${THISMONTH}"), when("Stage", "not_in", CLOSED)],
        sort: None,
    },
    Spec {
        module: "Pipelines",
        name: "Big open deals",
        criteria: &[when("Amount", "greater_than", "20000"), when("Stage", "not_in", CLOSED)],
        sort: Some(("Amount", true)),
    },
    Spec {
        module: "Pipelines",
        name: "Overdue",
        criteria: &[when("Closing_Date", "less_than", "${TODAY}"), when("Stage", "not_in", CLOSED)],
        sort: Some(("Closing_Date", false)),
    },
    Spec {
        module: "Pipelines",
        name: "Without a next step",
        criteria: &[when("Next_Step", "equal", "${EMPTY}"), when("Stage", "not_in", CLOSED)],
        sort: None,
    },
    Spec {
        module: "Contacts",
        name: "No e-mail address",
        criteria: &[when("Email", "equal", "${EMPTY}")],
        sort: None,
    },
    Spec {
        module: "Accounts",
        name: "Customers",
        criteria: &[when("Customer", "equal", "true")],
        sort: Some(("Account_Name", false)),
    },
    Spec {
        module: "Tasks",
        name: "Overdue tasks",
        criteria: &[when("Due_Date", "less_than", "${TODAY}"), when("Status", "not_equal", "Completed")],
        sort: Some(("Due_Date", false)),
    },
];

/// The columns that a list of the module shows first.
pub(super) const fn columns(module: &str) -> &'static [&'static str] {
    match module.as_bytes() {
        b"Pipelines" => &["Deal_Name", "Stage", "Amount", "Closing_Date", "Account_Name", "Owner"],
        b"Contacts" => &["Full_Name", "Account_Name", "Email", "Phone", "Owner"],
        b"Accounts" => &["Account_Name", "Phone", "Website", "Owner"],
        b"Products" => &["Product_Name", "Product_Code", "Unit_Price", "Product_Active"],
        b"Tasks" => &["Subject", "Due_Date", "Status", "Priority", "Related_To", "Owner"],
        b"Events" => &["Event_Title", "Start_DateTime", "End_DateTime", "Related_To", "Owner"],
        b"Calls" => &["Subject", "Call_Type", "Call_Start_Time", "Call_Duration", "Related_To"],
        _ => &[],
    }
}

/// The views of a module, the default one first. `ids` gives the ids, one after the other.
pub(super) fn of(module: &str, plural: &str, ids: &mut impl FnMut() -> Id) -> Vec<View> {
    let columns = columns(module);
    if columns.is_empty() {
        return Vec::new();
    }
    let mut view = |name: String, system_name, made_by_user, criteria, sort| View {
        id: ids(),
        name,
        system_name,
        default: system_name == Some("ALLVIEWS"),
        made_by_user,
        criteria,
        columns,
        sort,
    };
    let mut views = vec![view(format!("All {plural}"), Some("ALLVIEWS"), false, Vec::new(), None)];
    let mine = vec![when("Owner", "equal", "${CURRENTUSER}")];
    views.push(view(format!("My {plural}"), Some("MYVIEWS"), false, mine, None));
    for spec in MADE_BY_USERS.iter().filter(|spec| spec.module == module) {
        views.push(view(spec.name.to_owned(), None, true, spec.criteria.to_vec(), spec.sort));
    }
    views
}
