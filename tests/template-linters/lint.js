// Reads templates and prints what is wrong with them, as one JSON object by file name: what the parser of
// HashiCorp's language made of a .tf file, what cfn-lint has to say of a .yaml file, and asl-validator of a .json file.
"use strict";
const fs = require("fs");
const path = require("path");
const cloudformation = require("cfn-lint");
const { parse } = require("@cdktf/hcl2json");
const validateStateMachine = require("asl-validator");

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

function stateMachine(file) {
  const { errors } = validateStateMachine(JSON.parse(fs.readFileSync(file, "utf8")));
  return { problems: errors.map((error) => `${error["Error code"]}: ${error.Message || error.path}`) };
}

const linters = { ".tf": terraform, ".yaml": template, ".json": stateMachine };

async function main(files) {
  const results = {};
  for (const file of files) results[file] = await linters[path.extname(file)](file);
  console.log(JSON.stringify(results));
}

main(process.argv.slice(2));
