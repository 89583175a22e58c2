// Stands where Voilà expects MathJax 2: no page of pkilab has formulas.
"use strict";
window.MathJax = {
  Hub: { Config() {}, Configured() {}, Queue() {}, Register: { StartupHook() {} } },
  Ajax: {},
  InputJax: { TeX: { resetEquationNumbers() {} } },
};
