//! Answers as they go over the wire, right or wrong.

use serde_json::{Value, json};

use super::Behaviour;
use super::service::ServiceError;
use super::store::random_uuid;

const JSON: &str = "application/x-amz-json-1.1";
const HTML: &str = "text/html; charset=utf-8";

/// What the service reports in its own name, with `Message`. What is reported on the way to it has `message`.
const OWN_ERRORS: [&str; 7] = [
    "AccessDeniedException",
    "DecryptionFailure",
    "InternalServiceError",
    "InvalidNextTokenException",
    "InvalidParameterException",
    "InvalidRequestException",
    "ResourceNotFoundException",
];

pub struct Reply {
    status: u16,
    content_type: &'static str,
    body: Vec<u8>,
}

impl Reply {
    /// What is sent under this behaviour, if it is sent at all.
    pub fn new(answer: Result<Value, ServiceError>, behaviour: &Behaviour) -> Reply {
        let service_error = |status, code, message: &str| {
            Reply::error(ServiceError {
                status,
                code,
                message: message.to_owned(),
            })
        };
        match (behaviour, answer) {
            (Behaviour::Throttle, _) => service_error(400, "ThrottlingException", "Rate exceeded"),
            (Behaviour::InternalError, _) => {
                service_error(500, "InternalServiceError", "Dependency exception.")
            }
            (Behaviour::Unavailable, _) => Reply::page(503, "503 Service Temporarily Unavailable"),
            (Behaviour::Html, _) => Reply::page(200, "Sign in to this network"),
            (
                Behaviour::Error {
                    status,
                    code,
                    message,
                },
                _,
            ) => service_error(*status, code, message),
            (Behaviour::Echo, Ok(answer)) => {
                let message = format!("Cannot return {}", values(&answer).join(", "));
                service_error(400, "InvalidRequestException", &message)
            }
            (Behaviour::WrongType, Ok(answer)) => Reply::json(200, &wrong_type(answer)),
            (Behaviour::NotJson, Ok(answer)) => {
                let mut reply = Reply::json(200, &answer);
                reply.body.pop();
                reply
            }
            (_, Ok(answer)) => Reply::json(200, &answer),
            (_, Err(error)) => Reply::error(error),
        }
    }

    /// The head, and at most this many bytes of the body that it promises.
    pub fn bytes(&self, most: usize) -> Vec<u8> {
        let Reply {
            status,
            content_type,
            body,
        } = self;
        let reason = match status {
            200 => "OK",
            400 => "Bad Request",
            500 => "Internal Server Error",
            503 => "Service Unavailable",
            _ => "Other",
        };
        let (id, length) = (random_uuid(), body.len());
        let head = format!(
            "HTTP/1.1 {status} {reason}\r\nx-amzn-RequestId: {id}\r\nContent-Type: {content_type}\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&body[..length.min(most)]);
        bytes
    }

    fn json(status: u16, body: &Value) -> Reply {
        Reply {
            status,
            content_type: JSON,
            body: body.to_string().into_bytes(),
        }
    }

    fn error(error: ServiceError) -> Reply {
        let ServiceError {
            status,
            code,
            message,
        } = error;
        let key = if OWN_ERRORS.contains(&code) {
            "Message"
        } else {
            "message"
        };
        Reply::json(status, &json!({"__type": code, key: message}))
    }

    fn page(status: u16, text: &str) -> Reply {
        let page = format!(
            "<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>\n"
        );
        Reply {
            status,
            content_type: HTML,
            body: page.into_bytes(),
        }
    }
}

/// The answer of one secret, or those of a batch.
fn entries(answer: &mut Value) -> Vec<&mut Value> {
    if answer.get("SecretValues").is_some() {
        let batch = answer["SecretValues"].as_array_mut();
        batch.expect("it is a list").iter_mut().collect()
    } else {
        vec![answer]
    }
}

fn values(answer: &Value) -> Vec<String> {
    let mut answer = answer.clone();
    let entries = entries(&mut answer).into_iter();
    let values = entries.filter_map(|it| {
        let value = it.get("SecretString").or_else(|| it.get("SecretBinary"));
        value.and_then(Value::as_str).map(str::to_owned)
    });
    values.collect()
}

fn wrong_type(mut answer: Value) -> Value {
    for entry in entries(&mut answer) {
        match entry["SecretString"].take() {
            // As if the value had not been made a string.
            Value::String(text) => {
                let object = serde_json::from_str(&text).ok().filter(Value::is_object);
                entry["SecretString"] = object.unwrap_or_else(|| json!({"value": text}));
            }
            _ => {
                entry.as_object_mut().map(|it| it.remove("SecretString"));
                entry["ARN"] = json!(1);
            }
        }
    }
    answer
}
