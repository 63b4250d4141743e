//! Requests as they come over the wire.

use std::io::{self, Read};

use httparse::Status;

pub struct Request {
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What a signature says about who signed, and for what.
pub struct Scope {
    pub access_key: String,
    pub region: String,
    pub service: String,
}

impl Request {
    /// The next request of a connection, or none if the client closed it in between. `buffer` holds what was read too much.
    pub fn read(stream: &mut impl Read, buffer: &mut Vec<u8>) -> io::Result<Option<Request>> {
        loop {
            if let Some((mut request, head)) = parse(buffer)? {
                let length = request.header("content-length").unwrap_or("0");
                let length: usize = length.parse().map_err(io::Error::other)?;
                while buffer.len() < head + length {
                    if !more(stream, buffer)? {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                request.body = buffer[head..head + length].to_vec();
                buffer.drain(..head + length);
                return Ok(Some(request));
            }
            if !more(stream, buffer)? {
                return Ok(None);
            }
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(it, _)| it.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// `GetSecretValue` of `X-Amz-Target: secretsmanager.GetSecretValue`; empty if it is for another service or for none.
    pub fn action(&self) -> &str {
        let target = self.header("x-amz-target").unwrap_or_default();
        target.strip_prefix("secretsmanager.").unwrap_or_default()
    }

    /// Of `Authorization: AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, ...`.
    pub fn scope(&self) -> Option<Scope> {
        let rest = self
            .header("authorization")?
            .strip_prefix("AWS4-HMAC-SHA256 ")?;
        let mut parts = rest.split(',').map(str::trim);
        let credential = parts.find_map(|part| part.strip_prefix("Credential="))?;
        let mut fields = credential.split('/').map(str::to_owned);
        let (access_key, _date) = (fields.next()?, fields.next()?);
        Some(Scope {
            access_key,
            region: fields.next()?,
            service: fields.next()?,
        })
    }
}

/// The head of a request and its length, once it is complete.
fn parse(buffer: &[u8]) -> io::Result<Option<(Request, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Request::new(&mut headers);
    let Status::Complete(length) = head.parse(buffer).map_err(io::Error::other)? else {
        return Ok(None);
    };
    let headers = head.headers.iter().map(|header| {
        let value = String::from_utf8_lossy(header.value);
        (header.name.to_owned(), value.into_owned())
    });
    let request = Request {
        headers: headers.collect(),
        body: Vec::new(),
    };
    Ok(Some((request, length)))
}

/// Reads on. False at the end of the stream.
fn more(stream: &mut impl Read, buffer: &mut Vec<u8>) -> io::Result<bool> {
    let mut chunk = [0; 4096];
    let length = stream.read(&mut chunk)?;
    buffer.extend_from_slice(&chunk[..length]);
    Ok(length > 0)
}
