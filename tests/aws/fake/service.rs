//! What the service answers.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::faults::Faults;
use super::store::{CURRENT, Kms, Secret, SecretValue, Store, Version};
use super::{ACCOUNT, Call};

const MOST_IN_BATCH: usize = 20;

#[derive(Default)]
pub struct State {
    pub store: Store,
    pub faults: Faults,
    pub calls: Vec<Call>,
    pub page: Option<usize>,
}

pub struct ServiceError {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
}

type Answer = Result<Value, ServiceError>;

impl State {
    pub fn answer(&self, call: &Call) -> Answer {
        if !call.signed {
            let code = "MissingAuthenticationTokenException";
            return refuse(code, "Missing Authentication Token");
        }
        if !call.body.is_object() {
            return refuse("SerializationException", "");
        }
        match call.action.as_str() {
            "GetSecretValue" => self.get_secret_value(&call.body),
            "BatchGetSecretValue" => self.batch_get_secret_value(&call.body),
            "DescribeSecret" => self.describe_secret(&call.body),
            _ => refuse("UnknownOperationException", ""),
        }
    }

    fn get_secret_value(&self, body: &Value) -> Answer {
        let id = secret_id(body)?;
        let [version, stage] = ["VersionId", "VersionStage"].map(|key| text(body, key));
        self.value(id, version?, stage?)
    }

    fn describe_secret(&self, body: &Value) -> Answer {
        let secret = self.permitted("DescribeSecret", secret_id(body)?)?;
        let labelled = secret.versions.iter().filter(|it| !it.labels.is_empty());
        let stages = labelled.map(|it| (it.id.clone(), json!(it.labels)));
        let last = secret
            .versions
            .last()
            .map_or(secret.created, |it| it.created);
        let mut answer = json!({
            "ARN": secret.arn,
            "Name": secret.name,
            "CreatedDate": secret.created,
            "LastChangedDate": last,
            "VersionIdsToStages": Value::Object(stages.collect()),
        });
        if let Some(deleted) = secret.deleted {
            answer["DeletedDate"] = json!(deleted);
        }
        Ok(answer)
    }

    /// The values come in another order than asked for, since the real service promises none.
    fn batch_get_secret_value(&self, body: &Value) -> Answer {
        let action = "BatchGetSecretValue";
        if self.faults.denies(action, None) {
            return Err(denied(action, None));
        }
        let ids = secret_id_list(body)?;
        let start = match text(body, "NextToken")? {
            None => 0,
            Some(token) => from_token(token, ids.len())?,
        };
        let end = self.page.map_or(ids.len(), |n| ids.len().min(start + n));
        let (mut values, mut errors) = (Vec::new(), Vec::new());
        for id in ids[start..end].iter().rev() {
            match self.value(id, None, None) {
                Ok(value) => values.push(value),
                Err(ServiceError { code, message, .. }) => {
                    errors.push(json!({"ErrorCode": code, "Message": message, "SecretId": id}));
                }
            }
        }
        let mut answer = json!({"SecretValues": values, "Errors": errors});
        if end < ids.len() {
            answer["NextToken"] = json!(to_token(end));
        }
        Ok(answer)
    }

    fn value(&self, id: &str, version: Option<&str>, stage: Option<&str>) -> Answer {
        let secret = self.permitted("GetSecretValue", id)?;
        if secret.deleted.is_some() {
            let message = "You can't perform this operation on the secret because it was marked for deletion.";
            return refuse("InvalidRequestException", message);
        }
        let version = find_version(secret, version, stage)?;
        match secret.kms {
            Kms::Allowed => {}
            Kms::Denied => return refuse("AccessDeniedException", "Access to KMS is not allowed"),
            Kms::Broken => {
                let message = "Secrets Manager can't decrypt the protected secret text using the provided KMS key.";
                return refuse("DecryptionFailure", message);
            }
        }
        let mut answer = json!({
            "ARN": secret.arn,
            "Name": secret.name,
            "VersionId": version.id,
            "CreatedDate": version.created,
        });
        match &version.value {
            SecretValue::Text(text) => answer["SecretString"] = json!(text),
            SecretValue::Binary(bytes) => {
                answer["SecretBinary"] = json!(BASE64_STANDARD.encode(bytes));
            }
            SecretValue::Missing => unreachable!("such a version is not found"),
        }
        if !version.labels.is_empty() {
            answer["VersionStages"] = json!(version.labels);
        }
        Ok(answer)
    }

    /// The secret, if this action on it is permitted. Who may do nothing does not learn whether it exists.
    fn permitted(&self, action: &str, id: &str) -> Result<&Secret, ServiceError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-/_+=.@!".contains(&byte);
        if !id.starts_with("arn:") && !id.bytes().all(allowed) {
            let message = "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!";
            return Err(error("ValidationException", message));
        }
        let secret = self.store.find(id);
        let name = secret.map(|secret| secret.name.as_str());
        if self.faults.denies(action, name) {
            return Err(denied(action, Some(id)));
        }
        secret.ok_or_else(|| not_found("."))
    }
}

fn find_version<'a>(
    secret: &'a Secret,
    id: Option<&str>,
    stage: Option<&str>,
) -> Result<&'a Version, ServiceError> {
    let mut versions = secret.versions.iter();
    let (version, what) = match id {
        Some(id) => {
            let version = versions.find(|version| version.id == id);
            (version, format!("VersionId: {id}"))
        }
        None => {
            let stage = stage.unwrap_or(CURRENT);
            let version = versions.find(|version| version.has(stage));
            (version, format!("staging label: {stage}"))
        }
    };
    // A version without a value is not told from none.
    let version = version.filter(|version| !matches!(version.value, SecretValue::Missing));
    let version = version.ok_or_else(|| not_found(&format!(" value for {what}")))?;
    if stage.is_some_and(|stage| !version.has(stage)) {
        let message =
            "You provided a VersionStage that is not associated to the provided VersionId.";
        return Err(error("InvalidRequestException", message));
    }
    Ok(version)
}

fn secret_id(body: &Value) -> Result<&str, ServiceError> {
    match text(body, "SecretId")? {
        None => Err(constraint("null", "secretId", "not be null")),
        Some("") => {
            let must = "have length greater than or equal to 1";
            Err(constraint("''", "secretId", must))
        }
        Some(id) => Ok(id),
    }
}

fn secret_id_list(body: &Value) -> Result<Vec<&str>, ServiceError> {
    let list = body["SecretIdList"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    if list.is_empty() {
        let message = "Either 'SecretIdList' or 'Filters' must be provided, but not both.";
        return Err(error("InvalidParameterException", message));
    }
    if list.len() > MOST_IN_BATCH {
        let must = format!("have length less than or equal to {MOST_IN_BATCH}");
        return Err(constraint(&json!(list).to_string(), "secretIdList", &must));
    }
    let ids = list.iter().map(|id| id.as_str());
    ids.collect::<Option<_>>()
        .ok_or_else(|| error("SerializationException", ""))
}

/// A member of the request. Null is as good as absent, and what is not a string is no request.
fn text<'a>(body: &'a Value, key: &str) -> Result<Option<&'a str>, ServiceError> {
    match &body[key] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(error("SerializationException", "")),
    }
}

/// A client must not make anything of it.
fn to_token(start: usize) -> String {
    BASE64_STANDARD.encode(format!("from {start}"))
}

fn from_token(token: &str, length: usize) -> Result<usize, ServiceError> {
    let known = (1..length).find(|start| to_token(*start) == token);
    known.ok_or_else(|| error("InvalidNextTokenException", "Invalid pagination token."))
}

fn denied(action: &str, id: Option<&str>) -> ServiceError {
    // The id as it was asked for. A batch as a whole has none.
    let resource = id.map_or_else(String::new, |id| format!(" on resource: {id}"));
    let message = format!(
        "User: arn:aws:sts::{ACCOUNT}:assumed-role/app/session is not authorized to perform: secretsmanager:{action}{resource} \
         because no identity-based policy allows the secretsmanager:{action} action"
    );
    error("AccessDeniedException", message)
}

fn not_found(what: &str) -> ServiceError {
    let message = format!("Secrets Manager can't find the specified secret{what}");
    error("ResourceNotFoundException", message)
}

fn constraint(value: &str, member: &str, must: &str) -> ServiceError {
    let message = format!(
        "1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: Member must {must}"
    );
    error("ValidationException", message)
}

fn refuse(code: &'static str, message: &str) -> Answer {
    Err(error(code, message))
}

fn error(code: &'static str, message: impl Into<String>) -> ServiceError {
    ServiceError {
        status: 400,
        code,
        message: message.into(),
    }
}
