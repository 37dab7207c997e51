/**
 * Prints what a model costs at a precision for each part, op by op, with the theoretical accelerations beside it.
 *
 *     npm run cost -- --model deit_tiny [--tokens 198] [--binary linears,attention,...] [--layers] [--json]
 *
 * `--binary` names the parts that are one bit, or is `all`, `none` or `code` (as Bi-ViT's released code has it, the default).
 * `--model custom` takes --width, --depth, --heads, --image, --patch, --classes and --mlp-ratio. Exit status: 0, or 2 when what is asked
 * for does not exist.
 */
import { costData, describeCost } from '@/scripts/cost/describe-cost';
import { readRequest } from '@/scripts/cost/read-request';

try {
  const request = readRequest(process.argv.slice(2));
  if (request.json) console.log(JSON.stringify(costData(request), null, 2));
  else for (const line of describeCost(request)) console.log(line);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
