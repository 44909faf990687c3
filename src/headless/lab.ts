/** `npm run lab`: the lab in a terminal. docs/headless.md says what it can do. */
import { FileFault } from '../data/bytes.ts';
import { FaultError } from '../model/fault.ts';
import { isSystemError } from './disk.ts';
import { isCommand, parseFlags, usage, type Command, type Flags } from './flags.ts';
import { merge } from './merge.ts';
import { sweep } from './sweep.ts';
import { train } from './train.ts';

const commands: Record<Command, (flags: Flags) => number | Promise<number>> = { train, sweep, merge };

async function main([command, ...words]: readonly string[]): Promise<number> {
  if (command === undefined || command === 'help' || [command, ...words].includes('--help')) {
    console.log(usage);
    return command === undefined ? 2 : 0;
  }
  try {
    if (!isCommand(command)) throw new FaultError('invalid', `There is no command “${command}”.\n\n${usage}`);
    return await commands[command](parseFlags(command, words));
  } catch (error) {
    // What was foreseen says what to do about it, and the system what it refused; anything else is a mistake of ours, and the
    // stack tells where.
    if (!(error instanceof FaultError || error instanceof FileFault || isSystemError(error))) throw error;
    console.error(error.message);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
