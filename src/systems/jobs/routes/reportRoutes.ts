import { Elysia } from "elysia";
import { z } from "zod";
import { readJson, valid } from "../../../platform/http/input";
import type { ReportService } from "../reporting/service";
import { reportAnswer, reportPath, reportRequest, reportsQuery } from "../schema/reports";
import { shownReport } from "../schema/shown";
import type { Access } from "./access";
import { describe } from "./describe";

/** Reports; docs/jobs.md, "Reports". */
export function reportRoutes(prefix: string, reports: ReportService, access: Access, maxBodyBytes: number) {
  return new Elysia({ prefix: `${prefix}/reports`, tags: ["jobs"] })
    .post(
      "/",
      async ({ request, set }) => {
        const user = await access.user(request);
        const asked = valid(reportRequest, await readJson(request, maxBodyBytes), "body");
        const report = await reports.submit(user.id, asked);
        set.status = 202;
        return report;
      },
      describe("Make a report of simulations that are completed", reportAnswer, {
        body: reportRequest,
        status: 202,
      }),
    )
    .get(
      "/",
      async ({ request, query, set }) => {
        const user = await access.user(request);
        const { status, report_type, limit, offset } = valid(reportsQuery, query, "query");
        const list = await reports.list(user.id, { status, reportType: report_type }, limit, offset);
        set.headers["x-total-count"] = String(list.total);
        return list.reports;
      },
      describe("My reports, newest first", z.array(reportAnswer), { query: reportsQuery }),
    )
    .post(
      "/preview",
      async ({ request }) => {
        const user = await access.user(request);
        const asked = valid(reportRequest, await readJson(request, maxBodyBytes), "body");
        const bytes = await reports.preview(user.id, asked, request.signal);
        return new Response(bytes as BodyInit, { headers: { "content-type": "application/json" } });
      },
      describe("What a report would show, without making it", shownReport, { body: reportRequest }),
    )
    .get(
      "/:report_id",
      async ({ request, params }) => {
        const user = await access.user(request);
        return reports.read(user.id, valid(reportPath, params, "path").report_id, access.origin(request));
      },
      describe("One report, with a link to its file once it is made", reportAnswer, { path: reportPath }),
    );
}
