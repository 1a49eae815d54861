//! Notes, attachments and the product lines of deals.

use super::super::{
    Kind,
    spec::{Spec, currency, field, lookup, text},
};

pub(in super::super) const NOTES: &[Spec] = &[
    text("Note_Title", "Note Title", 120),
    field("Note_Content", "Note Content", Kind::TextArea, 32_000),
    field("Parent_Id", "Parent ID", Kind::Related, 120).mandatory(),
];

pub(in super::super) const ATTACHMENTS: &[Spec] = &[
    text("File_Name", "File Name", 255).mandatory(),
    field("Size", "Size", Kind::BigInt, 19).read_only(),
    field("Parent_Id", "Parent ID", Kind::Related, 120).mandatory(),
];

pub(in super::super) const LINES: &[Spec] = &[
    lookup("Product", "Product", "Products").mandatory(),
    lookup("Parent_Id", "Deal", "Pipelines").mandatory(),
    currency("List_Price", "List Price"),
    field("Quantity", "Quantity", Kind::Double, 16).default("1"),
    currency("Discount", "Discount"),
    currency("Total", "Total").read_only(),
    field("Description", "Description", Kind::TextArea, 2_000),
];
