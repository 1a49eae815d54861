//! Files that only their owner may read.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use rustix::{fs::OFlags, process::geteuid};

use super::ConfigError;

/// Bits of a mode that let others in.
const OTHERS: u32 = 0o077;

/// Reads a private file; none when there is none. A file that others can read, that belongs to someone else or
/// that is a link is refused.
pub(super) fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    let mut file = match open_no_link(OpenOptions::new().read(true), path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => {
            return Err(foreign(path, "is a link; put the file itself there"));
        }
        Err(error) => return Err(ConfigError::io("read", path)(error)),
    };
    let about = file.metadata().map_err(ConfigError::io("read", path))?;
    if !about.is_file() {
        return Err(foreign(path, "is not a file"));
    }
    if about.uid() != geteuid().as_raw() {
        return Err(foreign(path, "belongs to another user"));
    }
    if about.mode() & OTHERS != 0 {
        return Err(open(path, "600"));
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(ConfigError::io("read", path))?;
    Ok(Some(text))
}

/// Writes a private file as a whole or not at all, in a folder of its owner alone.
pub(super) fn write(path: &Path, text: &str) -> Result<(), ConfigError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let failed = |error| {
        let _ = fs::remove_file(&draft);
        ConfigError::io("write", path)(error)
    };
    let written = create(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(failed)?;
    fs::rename(&draft, path).and_then(|()| File::open(folder)?.sync_all()).map_err(failed)
}

/// Makes sure that a private file can be written, and leaves everything as it is.
pub(super) fn prepare(path: &Path) -> Result<(), ConfigError> {
    make_folder(path.parent().unwrap_or(Path::new(".")))?;
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    create(&draft).and_then(|_| fs::remove_file(&draft)).map_err(ConfigError::io("write", path))
}

/// Removes a file; tells whether there was one.
pub(super) fn remove(path: &Path) -> Result<bool, ConfigError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(ConfigError::io("remove", path)(error)),
    }
}

/// Makes a folder that only its owner may enter, with the folders above it; closes it where it is open.
fn make_folder(folder: &Path) -> Result<(), ConfigError> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(ConfigError::io("make", folder))?;
    let about = fs::metadata(folder).map_err(ConfigError::io("read", folder))?;
    if about.mode() & OTHERS == 0 {
        return Ok(());
    }
    fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(|_| open(folder, "700"))
}

fn create(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    open_no_link(OpenOptions::new().write(true).create_new(true).mode(0o600), path)
}

fn open_no_link(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    let flags = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default();
    options.custom_flags(flags).open(path)
}

fn open(path: &Path, mode: &str) -> ConfigError {
    let fix = format!("chmod {mode} {}", path.display());
    ConfigError::Open { path: path.to_owned(), fix }
}

fn foreign(path: &Path, problem: &'static str) -> ConfigError {
    ConfigError::Foreign { path: path.to_owned(), problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("a file").mode() & 0o777
    }

    #[test]
    fn what_is_written_is_private_and_whole() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("data/work/keys");
        write(&path, "first").expect("written");
        write(&path, "second").expect("written again");
        assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
        assert_eq!(read(&path).expect("read").as_deref(), Some("second"));
        let files = fs::read_dir(path.parent().expect("a folder")).expect("a list").count();
        assert_eq!(files, 1, "no draft is left");
        assert!(remove(&path).expect("removed") && !remove(&path).expect("nothing to remove"));
        assert_eq!(read(&path).expect("read"), None);
    }

    #[test]
    fn a_folder_that_others_can_enter_is_closed() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("work");
        fs::create_dir(&folder).expect("a folder");
        fs::set_permissions(&folder, Permissions::from_mode(0o777)).expect("open");
        write(&folder.join("keys"), "x").expect("written");
        assert_eq!(mode(&folder), 0o700);
    }

    #[test]
    fn what_could_not_be_written_is_said_before() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("data/work/keys");
        write(&path, "first").expect("written");
        prepare(&path).expect("it can be written");
        assert_eq!(read(&path).expect("read").as_deref(), Some("first"));
        assert_eq!(fs::read_dir(path.parent().expect("a folder")).expect("a list").count(), 1);
        let told = prepare(&path.join("below")).expect_err("a file is no folder").to_string();
        assert!(told.contains("cannot make") && told.contains("keys"), "{told}");
    }

    #[test]
    fn an_open_file_and_a_link_are_refused_with_the_way_out() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("keys");
        write(&path, "x").expect("written");
        fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("open");
        let told = read(&path).expect_err("open to the group").to_string();
        assert!(told.ends_with(&format!("run `chmod 600 {}`", path.display())), "{told}");
        let link = home.path().join("link");
        std::os::unix::fs::symlink(&path, &link).expect("a link");
        assert!(read(&link).expect_err("a link").to_string().contains("is a link"));
        assert!(matches!(read(home.path()), Err(ConfigError::Foreign { .. })));
    }
}
