// Evaluates Terraform modules without their providers: reads {"module", "values", "known"} objects, one a line, and prints
// for each the resources and outputs that the module would make, or {"error"}, one a line. `known` holds what only AWS would know: {"data": {type: {attribute: value}},
// "resource": {type: {attribute: template}}}, where {name} in a template is an attribute of the resource.
// HashiCorp's parser reads expressions; what a module uses beyond the tables below is an error.
"use strict";
const fs = require("fs");
const path = require("path");
const readline = require("readline");
const { parse, getExpressionAst } = require("@cdktf/hcl2json");

const FUNCTIONS = {
  compact: (list) => list.filter((text) => text !== "" && text !== null),
  concat: (...lists) => lists.flat(),
  contains: (list, value) => list.includes(value),
  file: (name) => fs.readFileSync(name, "utf8"),
  floor: Math.floor,
  join: (separator, list) => list.join(separator),
  jsonencode: (value) => JSON.stringify(value),
  length: (value) => Object.keys(value).length,
  merge: (...objects) => Object.assign({}, ...objects),
  replace: (text, from, to) => text.replaceAll(from, to),
  toset: (list) => [...new Set(list)].sort(),
};

const OPERATORS = {
  logicalAnd: (left, right) => left && right,
  equal: (left, right) => left === right,
  notEqual: (left, right) => left !== right,
  greaterThan: (left, right) => left > right,
  greaterThanOrEqual: (left, right) => left >= right,
  lessThanOrEqual: (left, right) => left <= right,
  multiply: (left, right) => left * right,
};

// Arguments of Terraform itself, which every resource takes.
const META_ARGUMENTS = ["count", "depends_on", "for_each", "lifecycle"];

function own(table, key, what) {
  if (table === null || typeof table !== "object" || !Object.hasOwn(table, key)) throw new Error(`there is no ${what}`);
  return table[key];
}

function quoted(text) {
  return `"${text.replace(/\$\{[^}]*\}|["\\\n]/g, (found) => (found.length > 1 ? found : JSON.stringify(found).slice(1, -1)))}"`;
}

// Whether the brace that opens the text closes at its end.
function isOneExpression(text) {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === "{") depth++;
    if (text[index] === "}" && --depth === 0) return text.startsWith("${") && index === text.length - 1;
  }
  return false;
}

class Module {
  constructor(folder, parsed, values, known) {
    Object.assign(this, { folder, parsed, known, resources: {}, locals: {} });
    this.values = Object.fromEntries(Object.entries(parsed.variable ?? {}).map(([name, [block]]) => {
      if (!(name in values) && !("default" in block)) throw new Error(`var.${name} has no value`);
      return [name, name in values ? values[name] : block.default];
    }));
    for (const name of Object.keys(values)) own(this.values, name, `var.${name}`);
  }

  async value(node, scope) {
    if (typeof node === "string") return this.text(node, scope);
    if (Array.isArray(node)) return Promise.all(node.map((item) => this.value(item, scope)));
    if (node === null || typeof node !== "object") return node;
    const entries = Object.entries(node).filter(([key]) => !META_ARGUMENTS.includes(key));
    return Object.fromEntries(await Promise.all(entries.map(async ([key, item]) => [key, await this.value(item, scope)])));
  }

  async text(text, scope) {
    if (!text.includes("${")) return text;
    const source = isOneExpression(text) ? text.slice(2, -1) : quoted(text);
    return this.node(await getExpressionAst("module.tf", source), scope, source);
  }

  async node(node, scope, source) {
    const below = (index, more = scope) => this.node(node.children[index], more, source);
    switch (node.type) {
      case "": return below(0);
      case "literalValue": return literal(node.meta);
      case "template": {
        const parts = await Promise.all(node.children.map((_, index) => below(index)));
        return parts.length === 1 ? parts[0] : parts.join("");
      }
      case "tuple": return Promise.all(node.children.map((_, index) => below(index)));
      case "object": return this.object(node, scope, source);
      case "function": {
        const call = own(FUNCTIONS, node.meta.name, `function ${node.meta.name} in tests/template-linters/terraform.js`);
        return call(...(await Promise.all(node.children.map((_, index) => below(index)))));
      }
      case "binaryOp": return own(OPERATORS, node.meta.operator, `operator ${node.meta.operator}`)(await below(0), await below(1));
      case "conditional": return below((await below(0)) ? 1 : 2);
      case "for": return this.loop(node, scope, source);
      case "scopeTraversal": return this.reference(node.meta.traversal.map(({ segment }) => segment), scope);
      default: throw new Error(`tests/template-linters/terraform.js evaluates no ${node.type}: ${source}`);
    }
  }

  async object(node, scope, source) {
    const made = {};
    for (let index = 0; index < node.children.length; index += 2) {
      const key = node.children[index];
      const bytes = Buffer.from(source).subarray(key.range.start.byte, key.range.end.byte).toString();
      const name = key.children.length ? await this.node(key, scope, source) : bytes;
      made[name] = await this.node(node.children[index + 1], scope, source);
    }
    return made;
  }

  async loop(node, scope, source) {
    if (node.meta.openRangeValue !== "[") throw new Error(`no object is made by for: ${source}`);
    const collection = await this.node(node.children[0], scope, source);
    const names = Array.isArray(collection) ? Object.keys(collection) : Object.keys(collection).sort();
    const made = [];
    for (const name of names) {
      const inside = { ...scope, [node.meta.valVar]: collection[name], ...(node.meta.keyVar && { [node.meta.keyVar]: name }) };
      if (node.children.length < 3 || (await this.node(node.children[2], inside, source)))
        made.push(await this.node(node.children[1], inside, source));
    }
    return made;
  }

  async reference([root, ...rest], scope) {
    const whole = [root, ...rest].join(".");
    const walk = (value, names) => names.reduce((part, name) => own(part, name, whole), value);
    if (root in scope) return walk(scope[root], rest);
    if (root === "var") return walk(this.values, rest);
    if (root === "path") return own({ module: this.folder }, rest[0], whole);
    if (root === "local") return walk(await this.local(rest[0]), rest.slice(1));
    if (root === "data") {
      own(own(this.parsed.data ?? {}, rest[0], whole), rest[1], whole);
      return walk(this.known.data[rest[0]] ?? {}, rest.slice(2));
    }
    const [block] = own(own(this.parsed.resource ?? {}, root, whole), rest[0], whole);
    if (block.for_each) throw new Error(`${whole}: several resources have this name`);
    const made = (await this.resource(root, rest[0])).map((each) => ({ ...this.computed(root, each), ...each }));
    return block.count ? walk(made, rest.slice(1)) : walk(made[0], rest.slice(1));
  }

  local(name) {
    const block = (this.parsed.locals ?? []).find((each) => name in each);
    return this.value(own(block ?? {}, name, `local.${name}`), {});
  }

  computed(type, made) {
    const fill = (template) => template.replace(/\{(\w+)\}/g, (_, name) => own(made, name, `${type}.${name}`));
    return Object.fromEntries(Object.entries(this.known.resource[type] ?? {}).map(([name, template]) => [name, fill(template)]));
  }

  async resource(type, name) {
    const [block] = this.parsed.resource[type][name];
    const count = block.count ? await this.value(block.count, {}) : 1;
    const keys = block.for_each ? await this.value(block.for_each, {}) : Array(count).fill(null);
    return Promise.all(keys.map((key) => this.value(block, key === null ? {} : { each: { key, value: key } })));
  }

  async result() {
    const made = { resources: [], outputs: {}, refused: [] };
    for (const [type, named] of Object.entries(this.parsed.resource ?? {}))
      for (const name of Object.keys(named))
        for (const values of await this.resource(type, name)) made.resources.push({ type, name, values });
    for (const [name, [block]] of Object.entries(this.parsed.output ?? {})) made.outputs[name] = await this.value(block.value, {});
    for (const [name, [block]] of Object.entries(this.parsed.variable ?? {}))
      for (const { condition } of block.validation ?? []) if (!(await this.value(condition, {}))) made.refused.push(name);
    return made;
  }
}

function literal({ type, value }) {
  if (type === "string") return JSON.parse(`"${value}"`);
  return JSON.parse(value);
}

async function parsed(folder) {
  const text = fs.readdirSync(folder).filter((name) => name.endsWith(".tf")).sort();
  return parse("module.tf", text.map((name) => fs.readFileSync(path.join(folder, name), "utf8")).join("\n"));
}

async function evaluated({ module, values, known }) {
  try {
    return await new Module(module, await parsed(module), values, known).result();
  } catch (error) {
    return { error: error.message ?? String(error) };
  }
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) console.log(JSON.stringify(await evaluated(JSON.parse(line))));
}

main();
