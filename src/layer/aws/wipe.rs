//! The answers, as the SDK holds them: kept apart, and wiped when nobody else has them any more.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_secretsmanager::config::interceptors::FinalizerInterceptorContextMut;
use aws_sdk_secretsmanager::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_secretsmanager::error::BoxError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use zeroize::Zeroize;

/// How often a connection is given the time to end, and how long that is. Mostly it ends at once.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(1);

/// Takes the body of every answer of a client once the SDK has read it.
///
/// The body is a part of the buffer that the HTTP connection reads into, so that it can be wiped only after the connection has ended.
#[derive(Clone, Default)]
pub(crate) struct Bodies(Arc<Mutex<Vec<SdkBody>>>);

impl Bodies {
    /// Wipes them. The client must have been dropped: one that keeps its connection keeps what it has read.
    pub(crate) async fn wipe(self) {
        let bodies = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for body in bodies {
            let mut body = ByteStream::new(body);
            let Some(Ok(mut bytes)) = body.next().await else {
                continue;
            };
            drop(body);
            for _ in 0..TRIES {
                match bytes.try_into_mut() {
                    Ok(mut bytes) => {
                        bytes.as_mut().zeroize();
                        break;
                    }
                    Err(shared) => bytes = shared,
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

impl Intercept for Bodies {
    fn name(&self) -> &'static str {
        "dbconf wipes the answers"
    }

    fn modify_before_attempt_completion(
        &self,
        context: &mut FinalizerInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        // One that was not read to its end is still the connection's.
        if let Some(response) = response.filter(|response| response.body().bytes().is_some()) {
            let body = std::mem::replace(response.body_mut(), SdkBody::taken());
            let mut bodies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            bodies.push(body);
        }
        Ok(())
    }
}

/// Shows nothing: the bodies hold secrets.
impl fmt::Debug for Bodies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bodies")
    }
}
