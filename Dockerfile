# Two stages: the compiler stays behind, the image holds one binary. Nothing but crates is fetched while building; the
# Korean dictionary, the built-in lexicon and the search page are inside the binary.
#
# Tags are pinned to a release. To pin the bytes as well, look the digests up (`docker buildx imagetools inspect TAG`) and give them:
#   docker build --build-arg RUST_DIGEST=@sha256:… --build-arg DEBIAN_DIGEST=@sha256:… -t gisa .
# The symbols, for debuggers:
#   docker build --target symbols --output symbols .

ARG RUST_DIGEST=
ARG DEBIAN_DIGEST=

FROM rust:1.95-slim-bookworm${RUST_DIGEST} AS build
# C sources are compiled (zstd, mimalloc, ring), and symbols are put apart.
RUN apt-get update \
 && apt-get install --no-install-recommends -y binutils gcc libc6-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY xtask xtask
COPY data/dictionary data/dictionary
COPY data/entities data/entities
COPY data/lexicon data/lexicon
COPY config.toml ./
COPY benches benches
COPY src src
RUN cargo build --locked --release
COPY CHANGELOG.md LICENSE README.md README.ko.md ./
COPY docs docs
# The program without symbols, the licences of all crates in it, the list of them (SBOM).
RUN cargo xtask dist --out dist \
 && mv dist/gisa-*-linux dist/gisa

FROM scratch AS symbols
COPY --from=build /build/dist/*.debug /

FROM debian:bookworm-slim${DEBIAN_DIGEST}
RUN groupadd --system --gid 10001 gisa \
 && useradd --system --uid 10001 --gid gisa --no-create-home --shell /usr/sbin/nologin gisa \
 && install -d -o gisa -g gisa /srv/gisa /srv/gisa/data /srv/gisa/data/articles /srv/gisa/index
COPY --from=build /build/dist/gisa/gisa /usr/local/bin/gisa
COPY --from=build /build/dist/gisa/doc /usr/share/doc/gisa
COPY --chown=gisa:gisa config.toml /srv/gisa/config.toml
COPY --chown=gisa:gisa data/articles /srv/gisa/data/articles
COPY --chown=gisa:gisa data/lexicon /srv/gisa/data/lexicon

USER gisa
WORKDIR /srv/gisa
ENV GISA_CONFIG=/srv/gisa/config.toml \
    GISA_LISTEN=0.0.0.0:7878
# data: what the newsroom drops in, and what is pushed. index: made by the program, with the generated token in admin-token.
# Give both a name (`-v gisa-data:/srv/gisa/data`): without one, a new container does not find what was pushed to the last.
VOLUME ["/srv/gisa/data", "/srv/gisa/index"]
EXPOSE 7878
# Asks /ready, and searches. The first start unpacks the dictionary and builds an index: minutes for a large archive.
HEALTHCHECK --interval=10s --timeout=8s --start-period=10m --retries=3 CMD ["gisa", "health"]
ENTRYPOINT ["gisa"]
CMD ["serve"]
