//! Characters that lines and marks are drawn with.

/// One set of drawing characters; every one takes a single column.
#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Glyphs {
    pub across: &'static str,
    pub down: &'static str,
    pub top_left: &'static str,
    pub top_right: &'static str,
    pub bottom_left: &'static str,
    pub bottom_right: &'static str,
    pub tee_down: &'static str,
    pub tee_up: &'static str,
    pub tee_right: &'static str,
    pub tee_left: &'static str,
    pub double: &'static str,
    pub double_right: &'static str,
    pub double_left: &'static str,
    pub double_cross: &'static str,
    /// Stands where a text was cut.
    pub ellipsis: &'static str,
    /// Done part of a bar.
    pub full: &'static str,
    /// Open part of a bar.
    pub empty: &'static str,
    /// Left of the further lines of the selected card.
    pub side: &'static str,
    pub ascending: &'static str,
    pub descending: &'static str,
    /// Between steps of a path.
    pub step: &'static str,
    /// Between equals.
    pub dot: &'static str,
}

/// Light lines.
pub static LIGHT: Glyphs = Glyphs {
    across: "─",
    down: "│",
    top_left: "┌",
    top_right: "┐",
    bottom_left: "└",
    bottom_right: "┘",
    tee_down: "┬",
    tee_up: "┴",
    tee_right: "├",
    tee_left: "┤",
    double: "═",
    double_right: "╞",
    double_left: "╡",
    double_cross: "╪",
    ellipsis: "…",
    full: "━",
    empty: "─",
    side: "┃",
    ascending: "↑",
    descending: "↓",
    step: "›",
    dot: "·",
};

/// ASCII alone.
pub static ASCII: Glyphs = Glyphs {
    across: "-",
    down: "|",
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    tee_down: "+",
    tee_up: "+",
    tee_right: "+",
    tee_left: "+",
    double: "=",
    double_right: "+",
    double_left: "+",
    double_cross: "+",
    ellipsis: "~",
    full: "#",
    empty: ".",
    side: "|",
    ascending: "^",
    descending: "v",
    step: ">",
    dot: "-",
};
