import { relative, sep } from 'node:path';
import { objectionTo } from './arrows.js';

/**
 * The ESLint rule around `arrows.js`: every static import, re-export, `import()` and `require` of a file of ours is checked.
 * Only a whole `import type` counts as a type: with verbatimModuleSyntax `import { type A }` still runs the module.
 * @type {import('eslint').Rule.RuleModule}
 */
export const arrowsRule = {
  meta: { type: 'problem', schema: [], docs: { description: 'keeps imports to the arrows of the tree' } },
  create(context) {
    const path = relative(context.cwd, context.filename).split(sep).join('/');

    /** @param {import('estree').Node} node @param {unknown} specifier @param {boolean} typeOnly */
    const check = (node, specifier, typeOnly) => {
      if (typeof specifier !== 'string') return;
      const message = objectionTo(path, specifier, typeOnly);
      if (message !== null) context.report({ node, message });
    };

    return {
      ImportDeclaration(node) {
        check(node, node.source.value, 'importKind' in node && node.importKind === 'type');
      },
      ExportNamedDeclaration(node) {
        if (node.source) check(node, node.source.value, 'exportKind' in node && node.exportKind === 'type');
      },
      ExportAllDeclaration(node) {
        check(node, node.source.value, 'exportKind' in node && node.exportKind === 'type');
      },
      ImportExpression(node) {
        if (node.source.type === 'Literal') check(node, node.source.value, false);
      },
      CallExpression(node) {
        const [first] = node.arguments;
        if (node.callee.type === 'Identifier' && node.callee.name === 'require' && first?.type === 'Literal') {
          check(node, first.value, false);
        }
      },
    };
  },
};
