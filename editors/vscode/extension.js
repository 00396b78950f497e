// Starts the language server of examples/lsp and connects it to the editor.
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function activate() {
  const command = vscode.workspace.getConfiguration("accountscore").get("server");
  if (!command) {
    return;
  }
  client = new LanguageClient(
    "accountscore",
    "Account scoring rules",
    { command, args: ["--stdio"] },
    { documentSelector: [{ language: "accountscore" }] },
  );
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    vscode.window.showWarningMessage(
      `The language server ${command} does not start (${error.message}). Build it from examples/lsp, or set accountscore.server.`,
    );
  }
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
