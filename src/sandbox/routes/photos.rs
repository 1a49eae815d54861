//! Photos of contacts, companies and products.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/upload-image.html>
//! <https://www.bigin.com/developer/docs/apis/v2/download-image.html>
//! <https://www.bigin.com/developer/docs/apis/v2/delete-image.html>

use serde_json::{Value, json};

use super::{
    files::download,
    parent::{self, Parent},
};
use crate::{
    sandbox::{
        Caller, Reply, Request, Sandbox, assumptions,
        blobs::{self, Blob, Kind},
        image, reply,
        world::{Metadata, World},
    },
    tables::{self, Record},
};

/// The field that says whether a record has a photo.
const FIELD: &str = "Record_Image";

fn pictured<'m>(world: &World, metadata: &'m Metadata, request: &Request) -> Result<Parent<'m>, Reply> {
    let module = metadata.module(request.param("module")).ok_or_else(reply::invalid_module)?;
    if module.field(FIELD).is_none() {
        return Err(parent::not_supported());
    }
    Parent::find(world, metadata, request)
}

/// Takes a picture in the place of the one that is there.
pub(in crate::sandbox) fn upload(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let part = request.part("file").ok_or_else(reply::invalid_request)?;
    let world = sandbox.world();
    let parent = pictured(&world, &world.metadata, request)?;
    blobs::admit(&part.bytes, assumptions::PHOTO_LIMIT)?;
    let media = image::kind(&part.bytes).ok_or_else(|| {
        let supported = ["png", "jpg", "gif", "bmp"];
        reply::invalid_data(json!({ "api_name": "file", "supported": supported }))
    })?;
    let token = blobs::token(sandbox.options.seed, parent.id);
    let blob = Blob {
        media: media.to_owned(),
        token: Some(token.clone()),
        ..Blob::of_part(Kind::Photo, parent.id, part, caller.now)
    };
    blob.save(&world.conn).map_err(|_| reply::server_fault())?;
    point(&world, &parent, json!(token))?;
    Ok(done("photo uploaded successfully"))
}

/// Answers with the picture; 204 when there is none.
pub(in crate::sandbox) fn fetch(sandbox: &Sandbox, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let parent = pictured(&world, &world.metadata, request)?;
    let blob = Blob::find(&world.conn, Kind::Photo, parent.id).map_err(|_| reply::server_fault())?;
    Ok(blob.map_or_else(Reply::none, |blob| download(&blob.name, &blob.media, blob.bytes)))
}

/// Takes the picture away, if there is one.
pub(in crate::sandbox) fn delete(sandbox: &Sandbox, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let parent = pictured(&world, &world.metadata, request)?;
    Blob::delete(&world.conn, Kind::Photo, parent.id).map_err(|_| reply::server_fault())?;
    point(&world, &parent, Value::Null)?;
    Ok(done("Photo deleted"))
}

fn done(message: &str) -> Reply {
    Reply::ok(json!({ "message": message, "details": {}, "status": "success", "code": "SUCCESS" }))
}

/// Names the photo in the record, which is no change that counts as one: the record's times stay.
fn point(world: &World, parent: &Parent<'_>, photo: Value) -> Result<(), Reply> {
    let change = Record::from_iter([(FIELD.to_owned(), photo)]);
    tables::update_fields(&world.conn, &parent.module.schema(), &parent.id.to_string(), &change)
        .map(drop)
        .map_err(|_| reply::server_fault())
}
