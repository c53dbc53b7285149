//! `POST /mcp`: the archive for assistants, as tools of the Model Context Protocol (streamable HTTP).
//!
//! Every request stands alone: there are no sessions to keep, and answers are JSON. A tool takes the parameters of the route of the same
//! purpose, checked by the same table, and sees what the caller's key may see. Answers are short: a model pays for every word.
//!
//! | file | what |
//! |---|---|
//! | `tools` | which tools there are, what they take and do |
//! | `answers` | what they say |

mod answers;
mod tools;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::routing::post_service;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, RoleServer, ServerHandler};

use crate::http::access::reader::Reader;
use crate::http::state::AppState;
use tools::Tool;

/// The largest request, in bytes: five queries of the greatest length, and filters.
const LARGEST_BODY: usize = 256 << 10;

/// What a model should know before it asks.
const INSTRUCTIONS: &str = "An archive of Korean news articles. `search` finds articles that hold all words (Korean word forms, synonyms and \
                            hanja are taken care of) and counts them exactly; `read_article` reads one by its id; `count_by` counts the same \
                            articles by outlet, reporter, section, person, place, organisation or time; `trends` compares searches over time; \
                            `related_terms` says who and what stands out of them. Query language: \
                            \"a phrase\", -excluded, A OR B, A ~10 B (near), 제목:word, 언론사:NAME, 기자:NAME, 날짜:2026-01..2026-03. \
                            Cite articles by title, outlet and date.";

/// The route.
pub(in crate::http) fn route(state: &AppState) -> Router<AppState> {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(LARGEST_BODY)
        // `server.allowed_hosts` is checked for all routes.
        .disable_allowed_hosts()
        // An assistant is not a page: what comes from one is a page that tries to read the archive as its visitor.
        .enforce_origin_validation();
    let archive = AssistantArchive { state: state.clone() };
    let service = StreamableHttpService::new(
        move || Ok(archive.clone()),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    Router::new().route("/mcp", post_service(service))
}

/// The archive as a server of tools.
#[derive(Clone)]
struct AssistantArchive {
    state: AppState,
}

impl ServerHandler for AssistantArchive {
    fn get_info(&self) -> ServerConfig {
        let program = Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(program)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(Tool::ALL.iter().map(|tool| tool.described()).collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = Tool::named(&request.name) else {
            let names = Tool::ALL.map(Tool::name).join(", ");
            let detail = format!("there is no tool {:?}; the tools are {names}", request.name);
            return Err(ErrorData::invalid_params(detail, None));
        };
        let parts = context.extensions.get::<Parts>().cloned();
        let mut parts = parts.ok_or_else(|| ErrorData::internal_error("the request has no head", None))?;
        let answer = async {
            let reader = Reader::from_request_parts(&mut parts, &self.state).await?;
            tool.call(&reader, request.arguments.unwrap_or_default()).await
        };
        // What goes wrong is for the model to read: it can ask better.
        Ok(match answer.await {
            Ok(answer) => CallToolResult::structured(answer).into(),
            Err(error) => CallToolResult::error(vec![ContentBlock::text(answers::failure(&error))]).into(),
        })
    }
}
