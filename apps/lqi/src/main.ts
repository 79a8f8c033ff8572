// Starts an LQI, a holder's node: it runs agreed questions on the holder's own database and lets out masked answers.
import { openStoreNode, provideNode, receive } from '@anonymesh/courier';
import { dispatch } from '@anonymesh/protocol';
import { endOnFault, orCannotStart, readConfig, startApp } from '@anonymesh/runtime';
import { lqiConfig } from './config.js';
import { LQI, type Lqi } from './lqi.js';
import { LqiModule } from './lqi.module.js';
import { openPairSecrets } from './outbound/pair-secrets.js';
import { openQuestions } from './questions/open-questions.js';
import { readTemplates } from './questions/templates.js';
import { openSource } from './sources/open-source.js';
import { eraseExpired } from './store/subqueries.js';
import { tables } from './store/tables.js';

endOnFault();
const config = readConfig(lqiConfig);
const node = await openStoreNode(config, 'holder', 'lqi', tables, eraseExpired);
const { courier, log, trust } = node;
const { self } = courier;
const source = openSource(config.source);
const holder = {
  id: self.id,
  keyring: self.keyring,
  trust,
  templates: orCannotStart(() => readTemplates(config.templates)),
};
const gate = { self, pairSecrets: openPairSecrets(), releaseEvery: config.releaseEvery };
const questions = openQuestions({ node, holder, gate, source });
const lqi: Lqi = { node, holder, gate, questions };

await startApp(
  {
    module: LqiModule,
    providers: [{ provide: LQI, useValue: lqi }, ...provideNode(node)],
  },
  {
    listen: config.listen,
    log,
    prepare: (app) => receive(app, node, [dispatch]),
    closers: () => [questions, { name: 'source', close: () => source.close() }, ...node.closers],
  },
);
