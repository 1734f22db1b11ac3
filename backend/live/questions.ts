import { Questions, type SavedQuestion } from '../contract/questions.ts'
import type { Db } from '../core/db.ts'
import type { Kit } from '../core/kit.ts'
import { route, type Route, type Viewer } from '../core/http/route.ts'
import { sql } from '../core/sql.ts'
import { canWatch } from './policy.ts'

const PATH = '/api/v1/live/questions'

/** What a supervisor asks of the live map again and again. The answers are the page's: it has everybody in sight. */
export const questionRoutes = ({ db, clock }: Kit): Route[] => [
  route({
    method: 'GET',
    path: PATH,
    summary: 'My standing questions on the live map',
    reply: Questions,
    allow: canWatch,
    run: ({ viewer }) => loadQuestions(db, viewer),
  }),
  route({
    method: 'PUT',
    path: PATH,
    summary: 'Set my standing questions, all of them at once',
    input: Questions,
    reply: Questions,
    allow: canWatch,
    run: async ({ viewer, input }) => {
      await upsertQuestions(db, viewer, input.questions, clock.now())
      return input
    },
  }),
]

async function loadQuestions(db: Db, { orgId, id }: Viewer): Promise<Questions> {
  const row = await db.first<{ questions: unknown }>(sql`
    select q.questions from live_questions q where q.org_id = ${orgId} and q.person_id = ${id}`)
  const kept = Questions.safeParse({ questions: row?.questions })
  return kept.success ? kept.data : { questions: [] }
}

const upsertQuestions = (
  db: Db,
  { orgId, id }: Viewer,
  questions: readonly SavedQuestion[],
  at: number,
) =>
  db.run(sql`
    insert into live_questions (org_id, person_id, questions, changed_at)
    values (${orgId}, ${id}, ${JSON.stringify(questions)}::jsonb, to_timestamp(${at}::float8 / 1000))
    on conflict (org_id, person_id) do update
    set questions = excluded.questions, changed_at = excluded.changed_at`)
