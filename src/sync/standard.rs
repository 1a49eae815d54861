//! What is known of every org's fields, for users who may not read the field metadata.

use crate::domain::{Field, FieldKind, Module, Schema};

/// The standard fields of a module that lists and details show.
///
/// <https://www.bigin.com/developer/docs/apis/v2/insert-records.html>
pub(super) fn schema(module: Module) -> Schema {
    use FieldKind::{
        BigInt, Boolean, Currency, Date, DateTime, Email, Lookup, OwnerLookup, Phone, PickList, Text,
        TextArea, Unknown, Website,
    };
    let own: &[(&str, FieldKind)] = match module {
        Module::Pipelines => &[
            ("Deal_Name", Text),
            ("Pipeline", BigInt),
            ("Sub_Pipeline", PickList),
            ("Stage", PickList),
            ("Amount", Currency),
            ("Closing_Date", Date),
            ("Contact_Name", Lookup),
            ("Account_Name", Lookup),
            ("Description", TextArea),
        ],
        Module::Contacts => &[
            ("First_Name", Text),
            ("Last_Name", Text),
            ("Full_Name", Text),
            ("Account_Name", Lookup),
            ("Title", Text),
            ("Email", Email),
            ("Phone", Phone),
            ("Mobile", Phone),
            ("Mailing_City", Text),
            ("Mailing_Country", Text),
            ("Email_Opt_Out", Boolean),
            ("Description", TextArea),
        ],
        Module::Accounts => &[
            ("Account_Name", Text),
            ("Phone", Phone),
            ("Website", Website),
            ("Billing_Street", Text),
            ("Billing_City", Text),
            ("Billing_Country", Text),
            ("Description", TextArea),
        ],
        Module::Tasks => &[
            ("Subject", Text),
            ("Due_Date", Date),
            ("Status", PickList),
            ("Priority", PickList),
            ("Related_To", Unknown),
            ("Contact_Name", Lookup),
            ("Description", TextArea),
        ],
        Module::Events => &[
            ("Event_Title", Text),
            ("Start_DateTime", DateTime),
            ("End_DateTime", DateTime),
            ("Venue", Text),
            ("Related_To", Unknown),
            ("Description", TextArea),
        ],
        Module::Calls => &[
            ("Subject", Text),
            ("Call_Type", PickList),
            ("Call_Start_Time", DateTime),
            ("Call_Duration", Text),
            ("Related_To", Unknown),
            ("Contact_Name", Lookup),
            ("Description", TextArea),
        ],
        Module::Products => &[("Product_Name", Text), ("Unit_Price", Currency), ("Description", TextArea)],
        Module::Notes => &[("Note_Title", Text), ("Note_Content", TextArea), ("Parent_Id", Unknown)],
    };
    let audit = [
        ("Owner", OwnerLookup),
        ("Created_Time", DateTime),
        ("Modified_Time", DateTime),
        ("Last_Activity_Time", DateTime),
    ];
    let fields = own.iter().chain(&audit).map(|(name, kind)| {
        let mut field = Field::plain(name, *kind);
        field.lookup = match *name {
            "Contact_Name" => Some(Module::Contacts.api_name().to_owned()),
            "Account_Name" if *kind == Lookup => Some(Module::Accounts.api_name().to_owned()),
            _ => None,
        };
        field
    });
    Schema { module: module.api_name().to_owned(), fields: fields.collect() }
}
