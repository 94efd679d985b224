import { describeServer } from './server.contract.ts';

describeServer('yoga');
