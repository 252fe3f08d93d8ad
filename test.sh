#!/usr/bin/env bash
# Builds everything and runs every test; ends with one line "N passed, N failed, N skipped".
# As root on Debian it installs the servers that the tests use; elsewhere tests without their server are skipped with the reason.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
for tool in dotnet node npm; do
  command -v "$tool" >/dev/null || { echo "test.sh needs $tool on the PATH: .NET SDK 10 and Node.js 20 or newer." >&2; exit 1; }
done
missing=()
command -v mosquitto >/dev/null || missing+=(mosquitto)
command -v mosquitto_pub >/dev/null || missing+=(mosquitto-clients)
[ -e /usr/lib/python3/dist-packages/paho/mqtt/client.py ] || missing+=(python3-paho-mqtt)
[ -e /usr/lib/python3/dist-packages/aiosmtpd/smtp.py ] || missing+=(python3-aiosmtpd)
command -v rabbitmq-server >/dev/null || missing+=(rabbitmq-server)
command -v chromium >/dev/null || missing+=(chromium)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
command -v strace >/dev/null || missing+=(strace)
command -v influxd >/dev/null || missing+=(influxdb)
command -v victoria-metrics >/dev/null || missing+=(victoria-metrics)
command -v ngspice >/dev/null || missing+=(ngspice)
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]} ..."
    export DEBIAN_FRONTEND=noninteractive
    # The servers are started by the tests on free ports of loopback, never as services.
    policy=/usr/sbin/policy-rc.d
    own_policy=
    [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && own_policy=$policy; }
    { apt-get update -q && apt-get install -y -q --no-install-recommends "${missing[@]}"; } >/dev/null || echo "Could not install ${missing[*]}." >&2
    [ -z "$own_policy" ] || rm -f "$own_policy"
  else
    echo "Not installed, so some tests will be skipped: ${missing[*]}" >&2
  fi
fi

foreign=tests/PouchMonitor.Mqtt.Tests/Interop/npm
[ -d "$foreign/node_modules/mqtt" ] || (cd "$foreign" && npm ci --no-audit --no-fund --loglevel=error >/dev/null) \
  || echo "Could not install the npm package mqtt." >&2

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
status=0
echo "Building ..."
dotnet build PouchMonitor.sln -c Release -v quiet --nologo || exit 1
echo "Testing ..."
dotnet test PouchMonitor.sln -c Release --no-build --nologo -v quiet --logger "console;verbosity=minimal" --logger "trx" \
  --results-directory "$out" "$@" || status=1

(cd gateway/dashboard && npm run check --silent && npm test --silent -- --reporter=default --reporter=json --outputFile="$out/dashboard.json") || status=1

node - "$out" <<'JS' || status=1
const fs = require("fs"), path = require("path"), dir = process.argv[2];
let passed = 0, failed = 0, skipped = 0; const reasons = [], failures = [];
for (const name of fs.readdirSync(dir)) {
  const text = fs.readFileSync(path.join(dir, name), "utf8");
  if (name.endsWith(".trx")) {
    for (const [, outcome] of text.matchAll(/<UnitTestResult [^>]*outcome="(\w+)"/g)) {
      if (outcome === "Passed") passed++; else if (outcome === "NotExecuted") skipped++; else failed++;
    }
    for (const [, test, body] of text.matchAll(/<UnitTestResult [^>]*testName="([^"]*)"[^>]*outcome="NotExecuted"[^>]*>([\s\S]*?)<\/UnitTestResult>/g))
      reasons.push(`skipped ${test}: ${(body.match(/<(?:StdOut|Message)>([\s\S]*?)<\//) || [, "no reason given"])[1].trim()}`);
    for (const [, test, body] of text.matchAll(/<UnitTestResult [^>]*testName="([^"]*)"[^>]*outcome="Failed"[^>]*>([\s\S]*?)<\/UnitTestResult>/g))
      failures.push(`failed ${test}: ${(body.match(/<Message>([\s\S]*?)<\//) || [, "no message"])[1].trim().slice(0, 1000)}`);
  } else if (name === "dashboard.json") {
    const result = JSON.parse(text);
    passed += result.numPassedTests; failed += result.numFailedTests; skipped += result.numPendingTests;
    for (const file of result.testResults) for (const test of file.assertionResults)
      if (test.status === "failed") failures.push(`failed ${test.fullName}: ${test.failureMessages.join(" ").slice(0, 1000)}`);
  }
}
for (const reason of reasons) console.log(reason);
// Last, so that who reads only the end of a long log sees what failed.
for (const failure of failures) console.log(failure);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
// Where the servers were installed, a test that lacks one is a fault of the installation.
const required = process.env.POUCHMONITOR_REQUIRE_SERVERS === "1" && reasons.some(r => /not installed/i.test(r));
if (required) console.error("A server that this run must have is missing.");
process.exit(failed > 0 || passed === 0 || required ? 1 : 0);
JS
exit $status
