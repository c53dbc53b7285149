//! The committed dictionary archive is mecab-ko-dic 2.1.1-20180720, whole, and survives a rough start.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Barrier, LazyLock};

use gisa::korean::dictionary::{DictionaryError, archive_hash, damaged_files, load, mend, open, unpack};
use lindera::dictionary::Dictionary;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// For the tests that only read: unpacked into the build folder, where the next run finds it whole.
static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
    let folder = unpack(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
    load(&folder).unwrap()
});

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/dictionary").join(name)
}

/// Names of everything in `folder`, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Name and size of every file in `folder`, sorted.
fn sizes(folder: &Path) -> Vec<(String, u64)> {
    names(folder)
        .into_iter()
        .map(|name| {
            let bytes = fs::metadata(folder.join(&name)).unwrap().len();
            (name, bytes)
        })
        .collect()
}

#[test]
fn the_stated_hash_is_that_of_the_committed_archive() {
    let hash: String = Sha256::digest(fs::read(data("ko-dic.tar.zst")).unwrap())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(archive_hash(), hash);
    assert!(
        fs::read_to_string(data("README.md")).unwrap().contains(&hash),
        "README.md states another archive"
    );
}

#[test]
fn it_has_every_entry_of_every_type() {
    let words = &DICTIONARY.prefix_dictionary;
    assert_eq!(words.word_count(), 816_283);
    // Ten bytes an entry: every row can also be reached from its surface.
    assert_eq!(words.vals_data.len(), 816_283 * 10);
    let mut types: BTreeMap<String, usize> = BTreeMap::new();
    for word in 0..words.word_count() {
        let details = DICTIONARY.word_details(word);
        let [_pos, _meaning, _coda, _reading, kind, _first, _last, _expression] = details.as_slice() else {
            panic!("word {word} has {} columns", details.len());
        };
        *types.entry((*kind).to_owned()).or_default() += 1;
    }
    let expected = [("*", 496_179), ("Compound", 160_029), ("Inflect", 44_820), ("Preanalysis", 115_255)];
    assert_eq!(types, expected.map(|(kind, count)| (kind.to_owned(), count)).into());
}

/// The source has 774,584 surfaces. Four end in a space (`에듀 `), which lindera trims; two of those fall together
/// with a row that has none.
#[test]
fn it_has_every_surface() {
    let folder = unpack(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
    // One `u32` a surface and one that ends the last.
    let surfaces = fs::metadata(folder.join("dict.valsidx")).unwrap().len() / 4 - 1;
    assert_eq!(surfaces, 774_582);
    for surface in ["국민연금", "내셔날", "에듀", "캘리", "콜라비", ","] {
        assert!(!DICTIONARY.prefix_dictionary.find_surface(surface).is_empty(), "{surface}");
    }
}

#[test]
fn it_has_the_whole_matrix_and_every_character_category() {
    let matrix = &DICTIONARY.connection_cost_matrix;
    assert_eq!((matrix.forward_size, matrix.backward_size), (3822, 2693));
    assert_eq!(matrix.costs().len(), 3822 * 2693);
    assert!(matrix.is_zero_copy(), "the matrix must be mapped, not copied");
    let characters = &DICTIONARY.character_definition;
    assert_eq!(characters.categories().len(), 13);
    for (character, expected) in [
        ('가', "HANGUL"),
        ('美', "HANJA"),
        ('三', "HANJANUMERIC"),
        ('A', "ALPHA"),
        ('7', "NUMERIC"),
        ('\u{1f600}', "DEFAULT"),
    ] {
        let first = characters.lookup_categories(character).first().unwrap();
        assert_eq!(characters.category_name(*first), expected, "{character}");
    }
    assert_eq!(DICTIONARY.unknown_dictionary.costs.len(), 13);
    assert!(DICTIONARY.metadata.context_id_map.is_some());
}

#[test]
fn compounds_carry_their_parts_and_spaces_their_penalty() {
    let entries = DICTIONARY.prefix_dictionary.find_surface("국민연금");
    let expressions: Vec<String> = entries
        .iter()
        .filter_map(|entry| {
            DICTIONARY
                .word_details(usize::try_from(entry.word_id().id()).unwrap())
                .last()
                .map(|column| (*column).to_owned())
        })
        .collect();
    // The dictionary has the word twice, at two costs.
    assert_eq!(expressions, ["국민/NNG/*+연금/NNG/*"; 2]);
    let rules = serde_json::to_value(&DICTIONARY.metadata.space_penalty).unwrap();
    let costs: Vec<_> =
        rules["rules"].as_array().unwrap().iter().map(|rule| rule["cost"].as_i64().unwrap()).collect();
    assert_eq!(costs, [3000, 6000]);
}

#[test]
fn unpacking_again_changes_nothing_and_needs_no_right_to_write() {
    let index = TempDir::new().unwrap();
    let folder = unpack(index.path()).unwrap();
    assert_eq!(folder, index.path().join(format!("dictionary-{}", &archive_hash()[..16])));
    let modified = || fs::metadata(folder.join("dict.words")).unwrap().modified().unwrap();
    let before = (sizes(&folder), modified());
    let mut permissions = fs::metadata(index.path()).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(index.path(), permissions.clone()).unwrap();
    assert_eq!(unpack(index.path()).unwrap(), folder);
    #[allow(clippy::permissions_set_readonly_false)]
    permissions.set_readonly(false);
    fs::set_permissions(index.path(), permissions).unwrap();
    assert_eq!((sizes(&folder), modified()), before);
    let manifest: Vec<(String, u64)> = fs::read_to_string(data("MANIFEST"))
        .unwrap()
        .lines()
        .map(|line| line.split(' ').collect::<Vec<_>>())
        .map(|parts| (parts[2].to_owned(), parts[0].parse().unwrap()))
        .collect();
    assert_eq!(sizes(&folder), manifest);
}

#[test]
fn unpacking_at_once_gives_everyone_the_same_whole_folder() {
    let index = TempDir::new().unwrap();
    let start = Barrier::new(2);
    let (one, other) = std::thread::scope(|scope| {
        let run = || {
            start.wait();
            unpack(index.path()).and_then(|folder| load(&folder).map(|_| folder))
        };
        let other = scope.spawn(run);
        (run().unwrap(), other.join().unwrap().unwrap())
    });
    assert_eq!(one, other);
    assert_eq!(names(index.path()), [".dictionary.lock", one.file_name().unwrap().to_str().unwrap()]);
}

#[test]
fn a_damaged_folder_is_rebuilt_and_a_dead_start_is_cleared_away() {
    let index = TempDir::new().unwrap();
    let folder = unpack(index.path()).unwrap();
    let whole = sizes(&folder);
    let old = load(&folder).unwrap();

    let dead = index.path().join(".dictionary-work-1-0");
    fs::create_dir(&dead).unwrap();
    fs::write(dead.join("dict.words"), b"half").unwrap();
    // A cut, as a disk that ran full leaves it; a copy, so that the mapping of `old` is not cut with it.
    fs::remove_file(folder.join("matrix.mtx")).unwrap();
    fs::write(folder.join("matrix.mtx"), b"cut").unwrap();
    assert_eq!(unpack(index.path()).unwrap(), folder);
    assert_eq!(sizes(&folder), whole);
    assert!(!dead.exists());

    fs::remove_file(folder.join("unk.bin")).unwrap();
    assert_eq!(unpack(index.path()).unwrap(), folder);
    assert_eq!(sizes(&folder), whole);

    // A file where the folder belongs.
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, b"").unwrap();
    assert_eq!(unpack(index.path()).unwrap(), folder);
    assert_eq!(sizes(&folder), whole);

    let new = load(&folder).unwrap();
    assert_eq!(old.connection_cost_matrix.costs(), new.connection_cost_matrix.costs());
    assert_eq!(names(index.path()).len(), 2);
}

#[test]
fn changed_bytes_are_noticed_and_unpacked_anew() {
    let index = TempDir::new().unwrap();
    let folder = unpack(index.path()).unwrap();
    let none: [&str; 0] = [];
    assert_eq!(damaged_files(&folder).unwrap(), none);
    let before = fs::metadata(folder.join("dict.words")).unwrap().modified().unwrap();
    assert_eq!(mend(index.path()).unwrap(), folder);
    assert_eq!(fs::metadata(folder.join("dict.words")).unwrap().modified().unwrap(), before, "nothing to do");

    // One byte, in place, as a disk does it. The size is right, so that unpacking has nothing to say.
    let old = load(&folder).unwrap();
    let mut file = fs::File::options().read(true).write(true).open(folder.join("dict.words")).unwrap();
    let mut byte = [0];
    file.seek(SeekFrom::Start(20_000_000)).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(SeekFrom::Start(20_000_000)).unwrap();
    file.write_all(&[byte[0] ^ 1]).unwrap();
    drop(file);
    assert_eq!(unpack(index.path()).unwrap(), folder);
    assert_eq!(damaged_files(&folder).unwrap(), ["dict.words"]);
    assert_eq!(mend(index.path()).unwrap(), folder);
    assert_eq!(damaged_files(&folder).unwrap(), none);
    assert_eq!(load(&folder).unwrap().prefix_dictionary.word_count(), 816_283);
    drop(old);
}

#[test]
fn errors_name_the_path_and_what_to_do() {
    let index = TempDir::new().unwrap();
    let file = index.path().join("file");
    fs::write(&file, b"").unwrap();
    let error = unpack(&file.join("index")).unwrap_err();
    assert!(matches!(error, DictionaryError::Write { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains(file.to_str().unwrap()) && text.contains("100 MB free"), "{text}");

    let text = load(index.path()).err().unwrap().to_string();
    assert!(text.contains(index.path().to_str().unwrap()) && text.contains("delete that folder"), "{text}");
}

/// A page that was never written reads as zeros after a power failure.
#[test]
fn one_that_does_not_load_is_unpacked_anew() {
    let folder = TempDir::new().unwrap();
    let unpacked = unpack(folder.path()).unwrap();
    for name in names(&unpacked) {
        let path = unpacked.join(&name);
        let mut bytes = fs::read(&path).unwrap();
        let head = bytes.len().min(4096);
        bytes[..head].fill(0);
        // Under another name: what is mapped stays as it was.
        let damaged = folder.path().join("damaged");
        fs::write(&damaged, bytes).unwrap();
        fs::rename(&damaged, &path).unwrap();
        open(folder.path()).unwrap_or_else(|error| panic!("{name}: {error}"));
        // What loads all the same is found by its checksum.
        mend(folder.path()).unwrap();
        assert!(damaged_files(&unpacked).unwrap().is_empty(), "{name}");
    }
}
