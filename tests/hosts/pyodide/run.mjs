// Run a Python script in Pyodide: node run.mjs FOLDER SCRIPT. The folder is /given inside; what the script's
// last expression gives (a string) goes to standard output.
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [folder, script] = process.argv.slice(2);
const pyodide = await loadPyodide({ stdout: console.error, stderr: console.error });
pyodide.mountNodeFS("/given", folder);
console.log(await pyodide.runPythonAsync(readFileSync(script, "utf8")));
