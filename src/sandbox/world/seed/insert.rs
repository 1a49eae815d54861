//! Rows into tables, by prepared statements.

use rusqlite::{
    Connection, Statement, ToSql,
    types::{ToSqlOutput, Value},
};

use super::super::Id;

/// A reference, as a column keeps it.
pub(super) struct Ref(pub Id);

impl ToSql for Ref {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(Value::Text(self.0.to_string())))
    }
}

/// Who made and changed a record, and when, in Unix seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Audit {
    pub owner: Id,
    pub created: i64,
    pub modified: i64,
    /// The last note or activity; modules that hang on others have none.
    pub activity: Option<i64>,
}

/// One module's table, while rows go in.
pub(super) struct Table<'c> {
    conn: &'c Connection,
    module: &'static str,
    statement: Option<Statement<'c>>,
}

impl<'c> Table<'c> {
    pub const fn new(conn: &'c Connection, module: &'static str) -> Self {
        Self { conn, module, statement: None }
    }

    /// Inserts a row. Every call for one table names the same columns in the same order.
    pub fn insert<const N: usize>(
        &mut self,
        id: Id,
        audit: &Audit,
        values: [(&str, &dyn ToSql); N],
    ) -> rusqlite::Result<()> {
        if self.statement.is_none() {
            let mut names =
                String::from("\"$row\", id, Owner, Created_By, Modified_By, Created_Time, Modified_Time");
            let mut marks = String::from("?, ?, ?, ?, ?, ?, ?");
            let tail = audit.activity.map(|_| "Last_Activity_Time");
            for name in values.iter().map(|(name, _)| *name).chain(tail) {
                names.push_str(&format!(", \"{name}\""));
                marks.push_str(", ?");
            }
            let sql = format!("INSERT INTO \"{}\" ({names}) VALUES ({marks})", self.module);
            self.statement = Some(self.conn.prepare(&sql)?);
        }
        let Some(statement) = &mut self.statement else { return Ok(()) };
        let owner = Ref(audit.owner);
        let own: [&dyn ToSql; 7] = [&id, &Ref(id), &owner, &owner, &owner, &audit.created, &audit.modified];
        let tail = audit.activity.as_ref().map(|at| at as &dyn ToSql);
        let all = own.into_iter().chain(values.into_iter().map(|(_, value)| value)).chain(tail);
        for (index, value) in all.enumerate() {
            statement.raw_bind_parameter(index + 1, value)?;
        }
        statement.raw_execute()?;
        Ok(())
    }
}
