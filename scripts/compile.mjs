// Compiles the package in the current folder: Nx calls it for each.
import { compilePackage } from './compile-package.mjs';

await compilePackage(process.cwd());
