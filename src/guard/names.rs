//! Names of keys whose values are secrets, and passwords inside of other values.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::key::{FILE_SUFFIX, Key};
use crate::secret::Text;

/// Parts of a key's name, without its separators, that make its value a secret.
const SECRET_PARTS: [&str; 8] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "credential",
    "apikey",
];

/// Ends of such a name.
const SECRET_ENDS: [&str; 4] = ["pass", "auth", "key", "salt"];

/// Ends of names whose values are about a secret.
const ABOUT: [&str; 8] = [
    "url",
    "uri",
    "path",
    "name",
    "arn",
    "type",
    "header",
    "publickey",
];

/// Ends of names whose values are no secrets, and may stand anywhere.
const NAME_ENDS: [&str; 5] = ["user", "username", "host", "database", "dbname"];

/// The name in lower case, without separators.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Whether a value under these names is a secret.
pub(crate) fn is_secret(path: &[String]) -> bool {
    let Some((name, tables)) = path.split_last() else {
        return false;
    };
    let is_called_secret = |name: &String| {
        let name = plain(name);
        SECRET_PARTS.iter().any(|part| name.contains(part))
            || SECRET_ENDS.iter().any(|end| name.ends_with(end))
    };
    let is_about = |name: &String| ABOUT.iter().any(|end| plain(name).ends_with(end));
    let is_ordinary = Key::from_name(name).is_some_and(|spelling| spelling.key != Key::Password);
    !is_about(name)
        && (is_called_secret(name) || !is_ordinary && tables.iter().any(is_called_secret))
}

/// Whether the value is no secret, and may stand anywhere.
pub(crate) fn is_ordinary(name: &str) -> bool {
    NAME_ENDS.iter().any(|end| plain(name).ends_with(end))
}

/// Whether the value is the path of a file with a secret.
pub(crate) fn is_file_name(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    upper
        .strip_suffix(FILE_SUFFIX)
        .is_some_and(|name| is_secret(&[name.to_owned()]))
}

/// The passwords inside of URLs and connection strings: before an `@`, and of parameters.
pub(crate) fn passwords_within(text: &str) -> impl Iterator<Item = Text> {
    let urls = text.split("://").skip(1);
    // `user:password@tcp(host)/database`, as Go has it.
    let is_go = text.contains("@tcp(") || text.contains("@unix(");
    let user_information = urls.chain(is_go.then_some(text)).filter_map(|rest| {
        // A password that is not percent-encoded may hold a question mark or a slash.
        let authority = rest.split('?').next().filter(|head| head.contains('@'));
        let (user_information, _) = authority.unwrap_or(rest).rsplit_once('@')?;
        let (_, password) = user_information.split_once(':')?;
        // `http://localhost:8080/@name`
        let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_path = password
            .split_once('/')
            .is_some_and(|(head, _)| is_port(head));
        (!is_path).then_some(password)
    });
    let parameters = text.split(['?', '&', ';', ' ']).filter_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim_matches(['\'', '"']);
        matches!(plain(name).as_str(), "password" | "passwd" | "pwd").then_some(value)
    });
    user_information
        .chain(parameters)
        .filter(|password| !password.is_empty())
        .map(decoded)
}

fn decoded(password: &str) -> Text {
    match percent_decode_str(password).decode_utf8() {
        Ok(Cow::Owned(text)) => Text::take(text),
        _ => Text::copy(password),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_secret, passwords_within};

    #[test]
    fn names_of_secrets() {
        let is = |path: &str| is_secret(&path.split('/').map(str::to_owned).collect::<Vec<_>>());
        for secret in [
            "password",
            "SHOP_MYSQL_PASSWORD",
            "api-key",
            "stripeKey",
            "x_token",
            "tokens/github",
            "db/pass",
        ] {
            assert!(is(secret), "{secret}");
        }
        for other in [
            "user",
            "token_url",
            "secrets/host",
            "public_key",
            "compass_heading",
            "port",
            "password_header",
        ] {
            assert!(!is(other), "{other}");
        }
    }

    #[test]
    fn passwords_of_urls() {
        let of = |text: &str| {
            passwords_within(text)
                .map(|text| text.into_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(of("mysql://u:p%40ss@h/d"), ["p@ss"]); // pragma: allowlist secret
        assert_eq!(of("mysql://u:p@ss/word@h/d?x=1"), ["p@ss/word"]);
        assert_eq!(of("jdbc:mysql://h/d?user=u&password=pa%24s"), ["pa$s"]); // pragma: allowlist secret
        assert_eq!(of("Server=h;Uid=u;Pwd=pass;"), ["pass"]);
        assert_eq!(of("host=h user=u password='pass' dbname=d"), ["pass"]);
        assert_eq!(of("u:pass@tcp(h:1)/d"), ["pass"]);
        assert_eq!(of("mysql://u:pass@h/d?contact=ops@example.com"), ["pass"]); // pragma: allowlist secret
        assert_eq!(of("amqp://u:one@h,amqp://u:two@g"), ["one", "two"]); // pragma: allowlist secret
        assert!(of("https://example.com/a@b").is_empty());
        assert!(of("http://localhost:8080/users/@me").is_empty());
    }
}
