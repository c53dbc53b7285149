#!/usr/bin/env bash
# A real OpenSearch cluster on loopback, of the jars that the distribution is made of: each node a JVM of its own.
#
#   cluster.sh up [NODES]     start NODES (3) nodes, wait until the cluster is green, print their addresses
#   cluster.sh kill N         end node N at once (SIGKILL)
#   cluster.sh start N        start node N again over its own data
#   cluster.sh down           end every node
#   cluster.sh wipe           down, and delete all data
#
# GISA_CLUSTER_DIR   where jars, data, logs and process ids lie (default: ${TMPDIR:-/tmp}/gisa-test-opensearch)
# GISA_CLUSTER_HEAP  heap of a node (512m)
# GISA_CLUSTER_PORT  base of the HTTP ports: node N listens on base + N (19200), its transport on base + 100 + N
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ -n "${JAVA_HOME:-}" ] && PATH=$JAVA_HOME/bin:$PATH
dir=${GISA_CLUSTER_DIR:-${TMPDIR:-/tmp}/gisa-test-opensearch}
heap=${GISA_CLUSTER_HEAP:-512m}
port=${GISA_CLUSTER_PORT:-19200}
nodes_file=$dir/nodes

die() { echo "cluster.sh: $*" >&2; exit 1; }

jars() {
  command -v java >/dev/null && command -v javac >/dev/null && command -v mvn >/dev/null && command -v curl >/dev/null \
    || die "needs java, javac (17 or later), mvn and curl"
  mkdir -p "$dir"
  if ! cmp -s "$here/pom.xml" "$dir/pom.xml" || ! cmp -s "$here/ClusterNode.java" "$dir/ClusterNode.java" || [ ! -e "$dir/classes/done" ]; then
    rm -rf "$dir/lib" "$dir/classes"
    cp "$here/pom.xml" "$here/ClusterNode.java" "$dir/"
    chmod u+w "$dir/pom.xml" "$dir/ClusterNode.java"
    (cd "$dir" && timeout 600 mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib) >"$dir/mvn.log" 2>&1 || { tail -20 "$dir/mvn.log" >&2; die "the jars did not come (see $dir/mvn.log)"; }
    mkdir -p "$dir/classes"
    javac -cp "$dir/lib/*" -d "$dir/classes" "$dir/ClusterNode.java"
    touch "$dir/classes/done"
  fi
}

# Whether a process is this node: a number of before a restart may be somebody else's by now.
is_node() { tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -qF "path.home=$dir/node$2 "; }

pid_of() {
  local pid
  [ -s "$dir/node$1.pid" ] && pid=$(cat "$dir/node$1.pid") && is_node "$pid" "$1" && echo "$pid"
}

start() {
  local n=$1 count seeds='' names=''
  count=$(cat "$nodes_file")
  pid_of "$n" >/dev/null && return 0
  ! (exec 3<>"/dev/tcp/127.0.0.1/$((port + n))") 2>/dev/null || die "port $((port + n)) is taken: set GISA_CLUSTER_PORT"
  for ((i = 1; i <= count; i++)); do
    seeds+="127.0.0.1:$((port + 100 + i)),"
    names+="node$i,"
  done
  mkdir -p "$dir/node$n/config"
  local list=(cluster.initial_cluster_manager_nodes="${names%,}" discovery.seed_hosts="${seeds%,}")
  [ "$count" = 1 ] && list=(discovery.type=single-node)
  setsid java "-Xms$heap" "-Xmx$heap" -XX:+UseG1GC -cp "$dir/classes:$dir/lib/*" gisa.ClusterNode \
    path.home="$dir/node$n" cluster.name=gisa-peer node.name="node$n" network.host=127.0.0.1 \
    http.type=netty4 transport.type=netty4 http.port="$((port + n))" transport.port="$((port + 100 + n))" \
    cluster.routing.allocation.disk.threshold_enabled=false "${list[@]}" >"$dir/node$n.log" 2>&1 </dev/null &
  echo $! >"$dir/node$n.pid"
}

green() {
  local n=$1
  for _ in $(seq 1 240); do
    curl -sf -m 5 "http://127.0.0.1:$((port + 1))/_cluster/health?wait_for_status=green&wait_for_nodes=$n&timeout=1s" 2>/dev/null | grep -q '"timed_out":false' && return 0
    for ((i = 1; i <= n; i++)); do pid_of "$i" >/dev/null || { tail -5 "$dir/node$i.log" >&2; die "node $i ended (see $dir/node$i.log)"; }; done
    sleep 0.5
  done
  die "not green after two minutes (see $dir/node*.log)"
}

stop() {
  for file in "$dir"/node*.pid; do
    [ -e "$file" ] || continue
    n=${file##*/node} n=${n%.pid}
    if pid=$(pid_of "$n"); then
      kill "$pid" 2>/dev/null || true
      for _ in $(seq 1 100); do is_node "$pid" "$n" || break; sleep 0.1; done
      ! is_node "$pid" "$n" || kill -9 "$pid" 2>/dev/null || true
    fi
    rm -f "$file"
  done
}

case ${1:-} in
  up)
    jars
    echo "${2:-3}" >"$nodes_file"
    for ((n = 1; n <= ${2:-3}; n++)); do start "$n"; done
    green "${2:-3}"
    for ((n = 1; n <= ${2:-3}; n++)); do echo "http://127.0.0.1:$((port + n))"; done
    ;;
  kill) kill -9 "$(pid_of "${2:?which node}")" ;;
  start) start "${2:?which node}" ;;
  down) stop ;;
  wipe) stop; rm -rf "$dir"/node* ;;
  *) sed -n '2,14p' "$0"; exit 2 ;;
esac
