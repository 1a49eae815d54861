//! Products.

use super::super::{
    Kind,
    spec::{Formula, Spec, boolean, currency, date, field, picklist, text},
};

pub(in super::super) const FIELDS: &[Spec] = &[
    text("Product_Name", "Product Name", 200).mandatory(),
    text("Product_Code", "Product Code", 40),
    boolean("Product_Active", "Product Active", "true"),
    picklist(
        "Product_Category",
        "Product Category",
        &["Machines", "Grinders", "Water", "Coffee", "Service", "Accessories"],
    ),
    currency("Unit_Price", "Unit Price"),
    field("Description", "Description", Kind::TextArea, 32_000),
    field("Record_Image", "Product Image", Kind::ProfileImage, 255),
    field("Margin", "Margin", Kind::Percent, 5).custom(),
    field("Margin_Amount", "Margin Amount", Kind::Formula, 16)
        .formula(Formula::Share { of: "Unit_Price", percent: "Margin" })
        .custom(),
    field("Weight_kg", "Weight kg", Kind::Double, 16).custom(),
    date("Available_From", "Available From").custom(),
    field("Data_Sheet", "Data Sheet", Kind::Website, 255).custom(),
];
