//! A client of the wire protocol, AWS JSON 1.1, over any stream. It signs nothing, but says so as a signature would.
#![allow(
    dead_code,
    reason = "every test target that includes this module uses a part of it"
)]

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// A service that does not answer fails the test instead of stopping it.
const TIMEOUT: Duration = Duration::from_secs(20);

pub const SIGNATURE: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-west-1/secretsmanager/aws4_request, \
                             SignedHeaders=host;x-amz-date;x-amz-target, Signature=00";

/// One connection.
pub struct Client<S> {
    stream: S,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub request_id: String,
    pub body: String,
}

impl Client<TcpStream> {
    /// To a URL without a path.
    pub fn connect(url: &str) -> io::Result<Client<TcpStream>> {
        let address = url.strip_prefix("http://").expect("it is not HTTPS");
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        Ok(Client::over(stream))
    }

    pub fn set_timeout(&self, timeout: Duration) {
        let timeout = self.stream.set_read_timeout(Some(timeout));
        timeout.expect("it is more than nothing");
    }
}

impl<S: Read + Write> Client<S> {
    pub fn over(stream: S) -> Client<S> {
        Client { stream }
    }

    pub fn call(&mut self, action: &str, body: &Value) -> io::Result<Answer> {
        self.send(action, &body.to_string(), Some(SIGNATURE))
    }

    pub fn send(&mut self, action: &str, body: &str, signed: Option<&str>) -> io::Result<Answer> {
        let authorization =
            signed.map_or_else(String::new, |it| format!("Authorization: {it}\r\n"));
        let length = body.len();
        let request = format!(
            "POST / HTTP/1.1\r\nHost: secretsmanager.eu-west-1.amazonaws.com\r\n\
             X-Amz-Target: secretsmanager.{action}\r\nContent-Type: application/x-amz-json-1.1\r\n\
             {authorization}Content-Length: {length}\r\n\r\n{body}"
        );
        self.stream.write_all(request.as_bytes())?;
        self.stream.flush()?;
        self.read()
    }

    fn read(&mut self) -> io::Result<Answer> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            head.extend(byte);
        }
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut response = httparse::Response::new(&mut headers);
        response.parse(&head).map_err(io::Error::other)?;
        let header = |name: &str| {
            let mut headers = response.headers.iter();
            let header = headers.find(|header| header.name.eq_ignore_ascii_case(name));
            header.map_or_else(String::new, |it| {
                String::from_utf8_lossy(it.value).into_owned()
            })
        };
        let length = header("content-length").parse().map_err(io::Error::other)?;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Answer {
            status: response.code.expect("the head is complete"),
            content_type: header("content-type"),
            request_id: header("x-amzn-requestid"),
            body: String::from_utf8(body).map_err(io::Error::other)?,
        })
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?} is not JSON"))
    }
}
