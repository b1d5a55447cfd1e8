//! One certificate, from the account to the chain (RFC 8555 §7).

use super::client::Requests;
use crate::{
    settings::Settings,
    tls::{Answers, Certificate, Challenges, Kept},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use instant_acme::{
    Account, AuthorizationStatus, ChallengeHandle, ChallengeType, Error, ExternalAccountKey, Identifier,
    KeyAuthorization, NewAccount, NewOrder, Order, OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, DistinguishedName, KeyPair};
use std::time::Duration;
use tokio_rustls::rustls::{
    crypto::aws_lc_rs::default_provider,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    sign::CertifiedKey,
};

/// How long the server may take to look at the answers, and again to sign.
const PATIENCE: RetryPolicy = RetryPolicy::new().timeout(Duration::from_secs(120));
/// Of an ACME server that has lost the account (RFC 8555 §6.7).
const NO_ACCOUNT: &str = "urn:ietf:params:acme:error:accountDoesNotExist";

/// How a name is shown to be ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// HTTP-01 (RFC 8555 §8.3).
    Plain,
    /// TLS-ALPN-01 (RFC 8737).
    Handshake,
}

impl Way {
    const fn kind(self) -> ChallengeType {
        match self {
            Self::Plain => ChallengeType::Http01,
            Self::Handshake => ChallengeType::TlsAlpn01,
        }
    }
}

/// Who asks for certificates, and for what.
pub struct Applicant<'a> {
    pub settings: &'a Settings,
    pub requests: &'a Requests,
    pub kept: &'a Kept,
    pub challenges: &'a Challenges,
}

impl Applicant<'_> {
    /// A new certificate for all names, which is kept.
    ///
    /// # Errors
    /// Why there is none, in words for the operator.
    pub async fn obtain(&self, way: Way) -> Result<Certificate, String> {
        let account = self.account().await?;
        let names: Vec<_> = self.settings.domains().map(str::to_owned).collect();
        let identifiers: Vec<_> = names.iter().cloned().map(Identifier::Dns).collect();
        let order = account.new_order(&NewOrder::new(&identifiers)).await;
        let mut order = match order {
            Err(Error::Api(problem)) if problem.r#type.as_deref() == Some(NO_ACCOUNT) => {
                self.kept.forget_account().map_err(|error| error.to_string())?;
                let account = self.account().await?;
                account.new_order(&NewOrder::new(&identifiers)).await.map_err(|error| error.to_string())?
            }
            order => order.map_err(|error| error.to_string())?,
        };
        let answers = self.challenges.answers();
        answer(&mut order, way, &answers).await?;
        let status = order.poll_ready(&PATIENCE).await;
        if !matches!(status, Ok(OrderStatus::Ready | OrderStatus::Valid)) {
            let why = refusal(&mut order).await;
            return Err(why.unwrap_or_else(|| match status {
                Err(error) => error.to_string(),
                Ok(status) => format!("the order is {status:?}"),
            }));
        }
        drop(answers);
        let key = KeyPair::generate().map_err(|error| error.to_string())?;
        let mut request = CertificateParams::new(names.clone()).map_err(|error| error.to_string())?;
        request.distinguished_name = DistinguishedName::new();
        let request = request.serialize_request(&key).map_err(|error| error.to_string())?;
        order.finalize_csr(request.der()).await.map_err(|error| error.to_string())?;
        let chain = order.poll_certificate(&PATIENCE).await.map_err(|error| error.to_string())?;
        let key = key.serialize_pem();
        let certificate = Certificate::from_pem(chain.as_bytes(), key.as_bytes())
            .map_err(|error| format!("what the ACME server has signed cannot be used: {error}"))?;
        if let Some(name) = names.iter().find(|name| !certificate.covers(name)) {
            return Err(format!("what the ACME server has signed is not for {name}"));
        }
        // What cannot be kept counts all the same until the next start.
        if let Err(error) = self.kept.keep_certificate(&chain, &key) {
            tracing::error!(%error, "the certificate cannot be kept in data_dir");
        }
        Ok(certificate)
    }

    /// The account of before, or a new one.
    async fn account(&self) -> Result<Account, String> {
        let builder = || Account::builder_with_http(Box::new(self.requests.clone()));
        let kept = self.kept.account().map_err(|error| format!("the ACME account in data_dir: {error}"))?;
        if let Some(kept) = kept {
            let credentials = serde_json::from_str(&kept)
                .map_err(|error| format!("the ACME account in data_dir cannot be read: {error}"))?;
            return builder().from_credentials(credentials).await.map_err(|error| error.to_string());
        }
        let settings = self.settings;
        let directory = settings.acme_directory.clone();
        let terms = self.requests.terms(&directory).await.unwrap_or_default();
        tracing::info!(directory, terms, "an account is made, which agrees to the terms of this ACME server");
        let contact = format!("mailto:{}", settings.acme_contact);
        let contact = [contact.as_str()];
        let new = NewAccount {
            contact: if settings.acme_contact.is_empty() { &[] } else { &contact },
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let bound = settings.acme_eab_id.is_empty().then_some(()).map_or_else(
            || {
                let key = URL_SAFE_NO_PAD.decode(settings.acme_eab_key.0.trim_end_matches('='));
                let key = key.map_err(|_| "`acme_eab_key` is not in base64url".to_owned())?;
                Ok::<_, String>(Some(ExternalAccountKey::new(settings.acme_eab_id.clone(), &key)))
            },
            |()| Ok(None),
        )?;
        let made = builder().create(&new, directory, bound.as_ref()).await;
        let (account, credentials) = made.map_err(|error| error.to_string())?;
        let credentials = serde_json::to_string(&credentials).map_err(|error| error.to_string())?;
        self.kept.keep_account(&credentials).map_err(|error| format!("data_dir: {error}"))?;
        Ok(account)
    }
}

/// Puts the answers in place and says so, for each name that is not known to be ours yet.
async fn answer(order: &mut Order, way: Way, answers: &Answers) -> Result<(), String> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization.map_err(|error| error.to_string())?;
        match authorization.status {
            AuthorizationStatus::Valid => continue,
            AuthorizationStatus::Pending => {}
            status => return Err(format!("an authorization is {status:?}")),
        }
        let kind = way.kind();
        let Some(mut challenge) = authorization.challenge(kind.clone()) else {
            return Err(format!("the ACME server does not offer {kind:?}"));
        };
        place(&challenge, way, answers)?;
        challenge.set_ready().await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn place(challenge: &ChallengeHandle<'_>, way: Way, answers: &Answers) -> Result<(), String> {
    let authorization = challenge.key_authorization();
    let Identifier::Dns(name) = challenge.identifier().identifier else {
        return Err("the ACME server asks about something else than a name".to_owned());
    };
    match way {
        Way::Plain => answers.plain(&challenge.token, authorization.as_str()),
        Way::Handshake => answers.shown(name, shown(name, &authorization)?),
    }
    Ok(())
}

/// The certificate of RFC 8737 §3: for this name, with the digest of the answer.
fn shown(name: &str, authorization: &KeyAuthorization) -> Result<CertifiedKey, String> {
    let fault = |error: rcgen::Error| error.to_string();
    let mut params = CertificateParams::new([name.to_owned()]).map_err(fault)?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(authorization.digest().as_ref())];
    let key = KeyPair::generate().map_err(fault)?;
    let certificate = params.self_signed(&key).map_err(fault)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    // Its extension is critical, and no verifier of ours would know it.
    let key = default_provider().key_provider.load_private_key(key).map_err(|error| error.to_string())?;
    Ok(CertifiedKey::new(vec![certificate.der().clone()], key))
}

/// What the server says of the name that it does not believe.
async fn refusal(order: &mut Order) -> Option<String> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization.ok()?;
        let name = authorization.identifier().to_string();
        let state = authorization.refresh().await.ok()?;
        let problem = state.challenges.iter().find_map(|challenge| challenge.error.as_ref());
        if let Some(problem) = problem {
            let detail = problem.detail.as_deref().or(problem.r#type.as_deref()).unwrap_or("no reason given");
            return Some(format!("{name} is not believed to be this server: {detail}"));
        }
    }
    None
}
