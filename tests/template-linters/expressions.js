// Evaluates the JSONata expressions of a state machine as Step Functions would: reads {"expression", "states"} objects,
// one a line, and prints their values, one a line.
"use strict";
const jsonata = require("jsonata");
const readline = require("readline");

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { expression, states } = JSON.parse(line);
    const compiled = jsonata(expression.replace(/^\{%|%\}$/g, ""));
    compiled.registerFunction("parse", JSON.parse); // one of Step Functions' own
    console.log(JSON.stringify(await compiled.evaluate({}, { states })));
  }
}

main();
