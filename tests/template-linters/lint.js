// Reads templates and prints what is wrong with them, as one JSON object by file name: what the parser of
// HashiCorp's language made of a .tf file, and what cfn-lint has to say of a .yaml file.
"use strict";
const fs = require("fs");
const path = require("path");
const cloudformation = require("cfn-lint");
const { parse } = require("@cdktf/hcl2json");

async function terraform(file) {
  try {
    return { problems: [], parsed: await parse(path.basename(file), fs.readFileSync(file, "utf8")) };
  } catch (error) {
    return { problems: [String(error)] };
  }
}

function template(file) {
  const text = fs.readFileSync(file, "utf8");
  const guessParameters = [...text.matchAll(/^ {2}(\w+):\n {4}Type: \S+\n {4}Description/gm)].map((found) => found[1]);
  const { errors } = cloudformation.validateFile(file, { guessParameters });
  return { problems: [...errors.crit, ...errors.warn].map((error) => `${error.resource}: ${error.message}`) };
}

async function main(files) {
  const results = {};
  for (const file of files) results[file] = file.endsWith(".tf") ? await terraform(file) : template(file);
  console.log(JSON.stringify(results));
}

main(process.argv.slice(2));
