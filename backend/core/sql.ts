import sql, { Sql } from 'sql-template-tag'

/** SQL as SQL: pieces nest, values travel as parameters and never touch the text. */
export { sql, Sql }
