# Two stages: the compiler stays behind, the image holds one binary. Nothing but crates is fetched while building; the
# Korean dictionary, the built-in lexicon and the search page are inside the binary.

FROM rust:1.95-slim-bookworm AS build
# zstd's C sources are compiled.
RUN apt-get update \
 && apt-get install --no-install-recommends -y gcc libc6-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY xtask xtask
COPY data/dictionary data/dictionary
COPY data/lexicon data/lexicon
COPY config.toml ./
COPY benches benches
COPY src src
RUN cargo build --locked --release

FROM debian:bookworm-slim
RUN groupadd --system --gid 10001 gisa \
 && useradd --system --uid 10001 --gid gisa --no-create-home --shell /usr/sbin/nologin gisa \
 && install -d -o gisa -g gisa /srv/gisa /srv/gisa/data /srv/gisa/data/articles /srv/gisa/index
COPY --from=build /build/target/release/gisa /usr/local/bin/gisa
COPY --chown=gisa:gisa config.toml /srv/gisa/config.toml
COPY --chown=gisa:gisa data/articles /srv/gisa/data/articles
COPY --chown=gisa:gisa data/lexicon /srv/gisa/data/lexicon

USER gisa
WORKDIR /srv/gisa
ENV GISA_CONFIG=/srv/gisa/config.toml \
    GISA_LISTEN=0.0.0.0:7878
# data: what the newsroom drops in. index: made by the program, with the generated token in admin-token.
VOLUME ["/srv/gisa/data", "/srv/gisa/index"]
EXPOSE 7878
# The first start unpacks the dictionary and builds an index: minutes for a large archive.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10m --retries=3 CMD ["gisa", "health"]
ENTRYPOINT ["gisa"]
CMD ["serve"]
