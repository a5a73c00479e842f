import { defineTables } from "../database";

/** Accounts of the systems whose users sign in; keys and constraints are the migrations'. Times are milliseconds. */
export const authTables = defineTables(({ table, text, integer, boolean }) => ({
  users: table("users", {
    id: text("id").notNull(),
    email: text("email").notNull(),
    hashedPassword: text("hashed_password").notNull(),
    fullName: text("full_name"),
    isActive: boolean("is_active").notNull(),
    isSuperuser: boolean("is_superuser").notNull(),
    externalId: text("external_id"),
    webhookSecret: text("webhook_secret"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  }),
  loginFailures: table("login_failures", {
    /** The email and the address that tried, so that nobody locks somebody else out. */
    source: text("source").notNull(),
    failedAt: integer("failed_at").notNull(),
  }),
}));

export type User = (typeof authTables)["postgres"]["users"]["$inferSelect"];
