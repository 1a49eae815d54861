//! A picture of lines as a picture of points, half as large again.

use std::{io, path::Path, sync::Arc};

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree, fontdb::Database},
};

const SCALE: f32 = 1.5;

/// Draws with the fonts of this machine.
pub struct Artist {
    options: Options<'static>,
}

impl Artist {
    /// Reads the fonts.
    pub fn new() -> Self {
        let mut fonts = Database::new();
        fonts.load_system_fonts();
        Self { options: Options { fontdb: Arc::new(fonts), ..Options::default() } }
    }

    /// Writes an SVG text as a PNG file.
    ///
    /// # Errors
    /// The text is no SVG, or the file cannot be written.
    pub fn write(&self, svg: &str, file: &Path) -> io::Result<()> {
        let tree = Tree::from_str(svg, &self.options).map_err(io::Error::other)?;
        let size = tree.size().to_int_size().scale_by(SCALE).ok_or(io::ErrorKind::InvalidData)?;
        let mut pixels = Pixmap::new(size.width(), size.height()).ok_or(io::ErrorKind::InvalidData)?;
        resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
        pixels.save_png(file).map_err(io::Error::other)
    }
}
