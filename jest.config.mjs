const swc = ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } }]

const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'import'] },
  extensionsToTreatAsEsm: ['.ts'],
  // Two packages of one name, the workspace's root and the extension, would confuse jest's module map; so would what builds leave.
  modulePathIgnorePatterns: ['<rootDir>/vscode-ext/package.json', '<rootDir>/(vscode|jupyterlab)-ext/dist/'],
  transform: { '\\.ts$': swc },
}

/** Unit tests stand beside the code; the suites that need real parts stand in test/, a folder each. */
export default {
  // Real parts on a busy machine: a test that hangs is told from one that is slow.
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{common,backend,deploy,vscode-ext,jupyterlab-ext}/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/dist/'],
    },
    { ...shared, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.test.ts'] },
    { ...shared, displayName: 'tenancy', testMatch: ['<rootDir>/test/tenancy/**/*.test.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
    { ...shared, displayName: 'long', testMatch: ['<rootDir>/test/long/**/*.test.ts'] },
  ],
}
