// Checks resources of CloudFormation against its own schemas: reads {"type", "properties", "attributes"} objects, one a line, without
// functions of the template, and prints the list of problems of each, one a line. The schemas are those that AWS publishes
// (@aws-cdk/aws-service-spec); cfn-lint of npm is older than some types.
"use strict";
const readline = require("readline");
const { loadAwsServiceSpec } = require("@aws-cdk/aws-service-spec");

const PRIMITIVES = {
  boolean: (value) => typeof value === "boolean",
  integer: Number.isInteger,
  json: (value) => value !== null && typeof value === "object",
  number: Number.isFinite,
  string: (value) => typeof value === "string",
};

class Schemas {
  constructor(specification) {
    this.specification = specification;
  }

  problems({ type, properties, attributes }) {
    const found = this.specification.lookup("resource", "cloudFormationType", "equals", type);
    if (found.length !== 1) return [`there is no ${type}`];
    const known = found.only();
    return [
      ...this.ofStructure(properties, known.properties, type),
      ...attributes.filter((name) => !(name in known.attributes)).map((name) => `${type} has no attribute ${name}`),
    ];
  }

  ofStructure(value, known, path) {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return [`${path} is no object`];
    return [
      ...Object.keys(known).filter((name) => known[name].required && !(name in value)).map((name) => `${path} lacks ${name}`),
      ...Object.entries(value).flatMap(([name, item]) =>
        Object.hasOwn(known, name) ? this.ofType(item, known[name].type, `${path}.${name}`) : [`${path} has no ${name}`]),
    ];
  }

  ofType(value, type, path) {
    switch (type.type) {
      case "array":
        return Array.isArray(value) ? value.flatMap((item, index) => this.ofType(item, type.element, `${path}[${index}]`)) : [`${path} is no list`];
      case "map":
        return Object.entries(value).flatMap(([name, item]) => this.ofType(item, type.element, `${path}.${name}`));
      case "ref":
        return this.ofStructure(value, this.specification.get("typeDefinition", type.reference).properties, path);
      case "union": {
        const found = type.types.map((each) => this.ofType(value, each, path));
        return found.find((problems) => problems.length === 0) ?? found[0];
      }
      default:
        if (!Object.hasOwn(PRIMITIVES, type.type)) return [`${path}: tests/template-linters/schema.js knows no ${type.type}`];
        return PRIMITIVES[type.type](value) ? [] : [`${path} is no ${type.type}`];
    }
  }
}

async function main() {
  const schemas = new Schemas(await loadAwsServiceSpec());
  for await (const line of readline.createInterface({ input: process.stdin })) console.log(JSON.stringify(schemas.problems(JSON.parse(line))));
}

main();
