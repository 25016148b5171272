//! What a library author ships behind a C interface: a runtime of threads (tokio), TLS (rustls), serde, a callback into
//! the program, and a panic that stops at the border.
use std::ffi::{c_char, c_void, CStr, CString};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

type Line = extern "C" fn(data: *mut c_void, line: *const c_char);

#[derive(Deserialize)]
struct Question {
    name: String,
    #[serde(default)]
    panic: bool,
}

#[derive(Serialize)]
struct Answer {
    greeting: String,
    protocol: String,
    arguments: usize,
}

/// One TLS connection over loopback, with a certificate that is made here, from a server task to a client.
async fn greet(name: &str) -> Result<(String, String), Box<dyn std::error::Error>> {
    let certified = rcgen::generate_simple_self_signed(vec!["localhost".into()])?;
    let certificate: CertificateDer = certified.cert.der().clone();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(certified.key_pair.serialize_der()));
    let server = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)?;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate)?;
    let client = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(server));
    let serving = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = acceptor.accept(stream).await.unwrap();
        let mut name = [0; 64];
        let n = stream.read(&mut name).await.unwrap();
        let hello = format!("hello, {}", String::from_utf8_lossy(&name[..n]));
        stream.write_all(hello.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
    });
    let connector = tokio_rustls::TlsConnector::from(Arc::new(client));
    let stream = TcpStream::connect(address).await?;
    let mut stream = connector.connect(ServerName::try_from("localhost")?, stream).await?;
    stream.write_all(name.as_bytes()).await?;
    let protocol = format!("{:?}", stream.get_ref().1.protocol_version().unwrap());
    let mut hello = String::new();
    stream.read_to_string(&mut hello).await?;
    serving.await?;
    Ok((hello, protocol))
}

fn ask(question: &str, line: Line, data: *mut c_void) -> Result<String, Box<dyn std::error::Error>> {
    let question: Question = serde_json::from_str(question)?;
    if question.panic {
        panic!("as it was asked to");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (greeting, protocol) = runtime.block_on(greet(&question.name))?;
    for word in greeting.split(' ') {
        let word = CString::new(word)?;
        line(data, word.as_ptr());
    }
    Ok(serde_json::to_string(&Answer { greeting, protocol, arguments: std::env::args().count() })?)
}

/// Answers a question, both in JSON; null for what is no question or ends in a panic. The answer is freed by agent_free.
///
/// # Safety
/// `question` is a C string, `line` may be called until this returns.
#[no_mangle]
pub unsafe extern "C" fn agent_ask(question: *const c_char, line: Line, data: *mut c_void) -> *mut c_char {
    let question = CStr::from_ptr(question).to_string_lossy().into_owned();
    std::panic::set_hook(Box::new(|_| {}));
    match catch_unwind(AssertUnwindSafe(|| ask(&question, line, data).map_err(|error| error.to_string()))) {
        Ok(Ok(answer)) => CString::new(answer).map_or(std::ptr::null_mut(), CString::into_raw),
        _ => std::ptr::null_mut(),
    }
}

/// # Safety
/// `answer` is one of agent_ask's, or null.
#[no_mangle]
pub unsafe extern "C" fn agent_free(answer: *mut c_char) {
    if !answer.is_null() {
        drop(CString::from_raw(answer));
    }
}
