//! The crates that are linked into the program: their licences, and the list of them as an SBOM (CycloneDX 1.5). Both are made
//! of what cargo itself says, `cargo metadata` and `Cargo.lock`, and need no network.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

/// A crate that is linked into the program.
pub(crate) struct Component {
    pub(crate) name: String,
    pub(crate) version: String,
    licence: Option<String>,
    /// Its source.
    folder: PathBuf,
}

/// All crates of the program for the system that this runs on, without those that only build or test it, by name.
pub(crate) fn linked(root: &Path) -> Result<Vec<Component>> {
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--locked", "--format-version", "1", "--filter-platform", &target])
        .current_dir(root)
        .output()
        .context("cargo cannot be started")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let by_id = |list: &'static str| -> HashMap<&str, &Value> {
        let items = metadata.pointer(list).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| Some((item.get("id")?.as_str()?, item))).collect()
    };
    let (packages, nodes) = (by_id("/packages"), by_id("/resolve/nodes"));
    let is_program =
        |id: &&&str| packages.get(**id).and_then(|package| package.get("name")?.as_str()) == Some("gisa");
    let program = packages.keys().find(is_program).context("cargo knows no package gisa")?;
    let (mut found, mut waiting) = (HashSet::new(), vec![*program]);
    while let Some(id) = waiting.pop() {
        if found.insert(id) {
            let links = nodes.get(id).and_then(|node| node.get("deps")?.as_array()).into_iter().flatten();
            waiting.extend(links.filter(|link| is_linked(link)).filter_map(|link| link.get("pkg")?.as_str()));
        }
    }
    found.remove(*program);
    let mut components: Vec<Component> =
        found.into_iter().map(|id| component(packages.get(id).copied())).collect::<Result<_>>()?;
    components.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Ok(components)
}

/// Whether a dependency is one of the program itself, not only of its build or its tests.
fn is_linked(dependency: &Value) -> bool {
    let kinds = dependency.get("dep_kinds").and_then(Value::as_array);
    kinds.into_iter().flatten().any(|kind| kind.get("kind").is_some_and(Value::is_null))
}

fn component(package: Option<&Value>) -> Result<Component> {
    let text = |name: &str| package.and_then(|package| package.get(name)?.as_str()).map(str::to_owned);
    let manifest = PathBuf::from(text("manifest_path").context("a package without a manifest")?);
    Ok(Component {
        name: text("name").context("a package without a name")?,
        version: text("version").context("a package without a version")?,
        licence: text("license"),
        folder: manifest.parent().context("a manifest without a folder")?.to_owned(),
    })
}

impl Component {
    /// The texts of its licence, by the names of their files.
    pub(crate) fn licences(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut texts = BTreeMap::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let upper = name.to_uppercase();
            let is_licence = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT"]
                .iter()
                .any(|start| upper.starts_with(start));
            if is_licence && path.is_file() {
                texts.insert(name.to_owned(), std::fs::read(&path)?);
            }
        }
        Ok(texts)
    }
}

/// The components as a CycloneDX document.
pub(crate) fn bill_of_materials(version: &str, components: &[Component]) -> Result<Vec<u8>> {
    let listed: Vec<Value> = components
        .iter()
        .map(|Component { name, version, licence, .. }| {
            let reference = format!("pkg:cargo/{name}@{version}");
            let mut listed = json!({
                "type": "library", "bom-ref": reference, "name": name, "version": version, "purl": reference,
            });
            if let (Some(licence), Some(fields)) = (licence, listed.as_object_mut()) {
                // Before SPDX had expressions, crates wrote a slash for "or".
                let expression = licence.replace('/', " OR ");
                fields.insert("licenses".to_owned(), json!([{"expression": expression}]));
            }
            listed
        })
        .collect();
    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": format!("pkg:cargo/gisa@{version}"), "name": "gisa", "version": version,
            "licenses": [{"expression": "Apache-2.0"}],
        }},
        "components": listed,
    });
    Ok(serde_json::to_vec_pretty(&document)?)
}
