//! The container of Excel 97 to 2003: a file system of sectors, of which one stream is the workbook.

const FREE: u32 = 0xFFFF_FFFA;
const MINI_SECTOR: usize = 64;
/// Streams that are shorter lie in small sectors.
const MINI_CUTOFF: usize = 4096;

/// The stream of the workbook; `None` if there is none, or the container is broken.
pub(super) fn workbook_stream(bytes: &[u8]) -> Option<Vec<u8>> {
    Container::of(bytes)?.stream(&["workbook", "book"])
}

struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    length: usize,
}

impl<'a> Container<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let sector = match bytes.get(30..32)? {
            [9, 0] => 512,
            [12, 0] => 4096,
            _ => return None,
        };
        let mut container = Self { bytes, sector, fat: Vec::new(), entries: Vec::new() };
        // Where the table of sectors lies: 109 places in the header, others in a chain of their own.
        let mut places: Vec<u32> = numbers(bytes.get(76..512)?).collect();
        let mut next = number(bytes, 68)?;
        for _ in 0..=bytes.len() / sector {
            if next >= FREE {
                break;
            }
            places.extend(numbers(container.sector(next)?));
            next = places.pop()?;
        }
        for place in places.into_iter().filter(|place| *place < FREE) {
            container.fat.extend(numbers(container.sector(place)?));
        }
        let directory = container.chain(number(bytes, 48)?, usize::MAX)?;
        container.entries = directory.chunks_exact(128).filter_map(Entry::of).collect();
        Some(container)
    }

    fn sector(&self, id: u32) -> Option<&'a [u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = (start + self.sector).min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// The sectors from `id` on, up to `length` bytes.
    fn chain(&self, mut id: u32, length: usize) -> Option<Vec<u8>> {
        let mut found = Vec::new();
        while id < FREE && found.len() < length {
            found.extend_from_slice(self.sector(id)?);
            // A chain that runs in a circle is longer than the file.
            if found.len() > self.bytes.len() {
                return None;
            }
            id = *self.fat.get(id as usize)?;
        }
        found.truncate(length);
        Some(found)
    }

    fn stream(&self, names: &[&str]) -> Option<Vec<u8>> {
        let of_name = |name: &&str| self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
        let entry = names.iter().find_map(of_name)?;
        if entry.length >= MINI_CUTOFF {
            return self.chain(entry.start, entry.length);
        }
        let root = self.entries.first()?;
        let small = self.chain(root.start, root.length)?;
        let fat: Vec<u32> = numbers(&self.chain(number(self.bytes, 60)?, usize::MAX)?).collect();
        let (mut found, mut id) = (Vec::new(), entry.start);
        while id < FREE && found.len() < entry.length {
            let start = id as usize * MINI_SECTOR;
            found.extend_from_slice(small.get(start..(start + MINI_SECTOR).min(small.len()))?);
            id = *fat.get(id as usize)?;
        }
        found.truncate(entry.length);
        Some(found)
    }
}

impl Entry {
    fn of(bytes: &[u8]) -> Option<Self> {
        let units = bytes.get(..64)?.chunks_exact(2).map(|pair| match pair {
            [low, high] => u16::from_le_bytes([*low, *high]),
            _ => 0,
        });
        let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
        let length = number(bytes, 120)? as usize;
        Some(Self { name: String::from_utf16_lossy(&units), start: number(bytes, 116)?, length })
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    numbers(bytes.get(at..at + 4)?).next()
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|four| match four {
        [a, b, c, d] => u32::from_le_bytes([*a, *b, *c, *d]),
        _ => 0,
    })
}
