-- What surrounds fifty million calls: plausible rows of every other table, for as many partners as there are.
-- ask_speed.py fills in how many.

INSERT INTO "endpoints" (product, method, route, version, api_class, feature, important, released_at, deprecated_at, sunset_at, known_from)
SELECT 'product-' || (i % 6), CASE WHEN i % 3 = 0 THEN 'POST' ELSE 'GET' END, '/v1/things-' || i || '/{id}', 'v1', CASE WHEN i % 3 = 0 THEN 'processing' ELSE 'retrieval' END, 'feature-' || (i % 12), i % 7 = 0, TIMESTAMP '2025-01-01', CASE WHEN i % 20 = 0 THEN TIMESTAMP '2026-01-01' END, CASE WHEN i % 20 = 0 THEN TIMESTAMP '2026-06-01' END, TIMESTAMP '2026-01-01'
FROM range(0, 48) AS t(i);

INSERT INTO "products" (product, name, api_class, launched_at, confidence, known_from)
SELECT 'product-' || i, 'Product ' || i, 'retrieval', TIMESTAMP '2025-01-01', 'measured', TIMESTAMP '2026-01-01'
FROM range(0, 6) AS t(i);

INSERT INTO "product_stages" (product, stage, since, confidence, known_from)
SELECT 'product-' || i, CASE WHEN i % 2 = 0 THEN 'mature' ELSE 'public' END, TIMESTAMP '2025-01-01', 'measured', TIMESTAMP '2026-01-01'
FROM range(0, 6) AS t(i);

INSERT INTO "plans" (plan_id, product, name, status, currency, interval, fee, included_units, tiers, tier_mode, bills, environment, confidence, known_from)
SELECT 'plan-' || i, 'product-' || (i % 6), 'Plan ' || i, CASE WHEN i < 12 THEN 'live' ELSE 'proposed' END, 'EUR', 'month', 100, 1000, '[{"up_to": 10000, "unit_price": "0.002"}, {"up_to": null, "unit_price": "0.001"}]', CASE WHEN i % 2 = 0 THEN 'graduated' ELSE 'volume' END, 'success', 'production', 'measured', TIMESTAMP '2026-01-01'
FROM range(0, 18) AS t(i);

INSERT INTO "subscriptions" (subscription_id, partner_id, plan_id, started_at, ended_at, kind, trial_ends_at, contracted_units, confidence, known_from)
SELECT 'S' || i, 'P' || i, 'plan-' || (i % 12), TIMESTAMP '2025-01-01' + to_seconds(i * 19000), CASE WHEN i % 10 = 0 THEN TIMESTAMP '2025-01-01' + to_seconds(i * 19000) + to_days(90) END, CASE i % 4 WHEN 0 THEN 'free' WHEN 1 THEN 'trial' ELSE 'paid' END, CASE WHEN i % 4 = 1 THEN TIMESTAMP '2025-01-01' + to_seconds(i * 19000) + to_days(30) END, 50000, 'measured', TIMESTAMP '2026-01-01'
FROM range(0, {partners}) AS t(i);

INSERT INTO "credit_packs" (pack_id, partner_id, product, units, purchased_at, expires_at, amount, currency, confidence, known_from)
SELECT 'K' || i, 'P' || (i * 10), 'product-' || (i % 6), 100000, TIMESTAMP '2025-01-01' + to_seconds(i * 190000), TIMESTAMP '2025-01-01' + to_seconds(i * 190000) + to_days(365), 500, 'EUR', 'measured', TIMESTAMP '2026-01-01'
FROM range(0, {partners} // 10) AS t(i);

INSERT INTO "journey" (time, partner_id, developer_id, step, subject, known_from)
SELECT TIMESTAMP '2025-01-01' + to_seconds(i * 19000) + to_minutes(CAST(s * 37 AS BIGINT)), 'P' || i, 'D' || i, ['registered', 'docs_viewed', 'quickstart_viewed', 'credentials_requested', 'credentials_issued', 'docs_viewed', 'poc_started', 'poc_completed'][s + 1], '/docs/page-' || ((i + s) % 40), TIMESTAMP '2026-01-01'
FROM range(0, {partners}) AS t(i), range(0, 8) AS u(s);

INSERT INTO "effort" (date, partner_id, activity, role, hours, hourly_cost, currency, confidence, known_from)
SELECT CAST(TIMESTAMP '2025-01-01' + to_seconds(i * 19000) AS DATE) + 7, 'P' || i, 'setup', 'engineer', 3, 80, 'EUR', 'measured', TIMESTAMP '2026-01-01'
FROM range(0, {partners}) AS t(i);

INSERT INTO "headcount" (month, team, fte, confidence, known_from)
SELECT CAST(DATE '2025-01-01' + to_months(CAST(i AS INTEGER)) AS DATE), 'partners', 4, 'measured', TIMESTAMP '2026-01-01'
FROM range(0, 15) AS t(i);

INSERT INTO "value" (kind, partner_id, period_start, period_end, amount, currency, already_in_revenue, confidence, known_from)
SELECT ['transaction', 'attributed_revenue', 'cost_avoidance'][i % 3 + 1], 'P' || (i % {partners}), TIMESTAMP '2025-01-01' + to_months(CAST(i % 15 AS INTEGER)), TIMESTAMP '2025-02-01' + to_months(CAST(i % 15 AS INTEGER)), 1000, 'EUR', false, 'estimated', TIMESTAMP '2026-01-01'
FROM range(0, 3 * {partners}) AS t(i);

INSERT INTO "tickets" (ticket_id, partner_id, developer_id, opened_at, resolved_at, topic, product, method, route, known_from)
SELECT 'T' || i, 'P' || (i % {partners}), 'D' || (i % {partners}), TIMESTAMP '2025-01-01' + to_seconds(i * 3800), TIMESTAMP '2025-01-01' + to_seconds(i * 3800 + 90000), 'topic-' || (i % 9), 'product-' || (i % 6), 'GET', '/v1/things-' || (i % 40) || '/{id}', TIMESTAMP '2026-01-01'
FROM range(0, 5 * {partners}) AS t(i);

INSERT INTO "surveys" (response_id, wave, partner_id, developer_id, submitted_at, documentation, reliability, support, ease, comment, known_from)
SELECT 'R' || i, '2025Q' || (i % 4 + 1), 'P' || (i % {partners}), 'D' || (i % {partners}), TIMESTAMP '2025-01-01' + to_months(CAST(3 * (i % 4) AS INTEGER)) + to_days(40), i % 10 + 1, 7, 8, 9, NULL, TIMESTAMP '2026-01-01'
FROM range(0, 2 * {partners}) AS t(i);

INSERT INTO "survey_invites" (wave, developer_id, sent_at, known_from)
SELECT '2025Q' || (i % 4 + 1), 'D' || (i // 4), TIMESTAMP '2025-01-01' + to_months(CAST(3 * (i % 4) AS INTEGER)) + to_days(30), TIMESTAMP '2026-01-01'
FROM range(0, 4 * {partners}) AS t(i);

INSERT INTO "feedback" (time, kind, subject, partner_id, developer_id, rating, known_from)
SELECT TIMESTAMP '2025-01-01' + to_seconds(i * 9000), ['onboarding', 'docs', 'sample_code', 'sdk'][i % 4 + 1], '/docs/page-' || (i % 40), 'P' || (i % {partners}), 'D' || (i % {partners}), i % 5 + 1, TIMESTAMP '2026-01-01'
FROM range(0, 2 * {partners}) AS t(i);

INSERT INTO "requests" (request_id, partner_id, kind, opened_at, deployed_at, known_from)
SELECT 'Q' || i, 'P' || (i % {partners}), ['bug', 'feature', 'docs'][i % 3 + 1], TIMESTAMP '2025-01-01' + to_seconds(i * 38000), CASE WHEN i % 4 > 0 THEN TIMESTAMP '2025-01-01' + to_seconds(i * 38000 + 900000) END, TIMESTAMP '2026-01-01'
FROM range(0, {partners} // 2) AS t(i);

INSERT INTO "incidents" (incident_id, title, severity, products, started_at, detected_at, resolved_at, detected_by, integration_related, commitment_minutes, known_from)
SELECT 'I' || i, 'Incident ' || i, ['critical', 'major', 'partial', 'degraded'][i % 4 + 1], 'product-' || (i % 6), TIMESTAMP '2025-01-01' + to_days(CAST(i * 4 AS INTEGER)), TIMESTAMP '2025-01-01' + to_days(CAST(i * 4 AS INTEGER)) + to_minutes(9), TIMESTAMP '2025-01-01' + to_days(CAST(i * 4 AS INTEGER)) + to_minutes(70), 'monitoring', true, 120, TIMESTAMP '2026-01-01'
FROM range(0, 100) AS t(i);

INSERT INTO "contract_changes" (product, version, released_at, kind, behind_new_version, notice_days, detail, known_from)
SELECT 'product-' || (i % 6), 'v' || (i // 6), TIMESTAMP '2025-01-01' + to_days(CAST(i * 9 AS INTEGER)), ['breaking', 'deprecation', 'addition', 'fix'][i % 4 + 1], i % 2 = 0, 90, 'Change ' || i, TIMESTAMP '2026-01-01'
FROM range(0, 48) AS t(i);

INSERT INTO "contributions" (time, kind, external, accepted_at, resolved_at, author_hash, known_from)
SELECT TIMESTAMP '2025-01-01' + to_seconds(i * 39000), ['pull_request', 'issue', 'adapter', 'sample_app', 'forum'][i % 5 + 1], i % 4 > 0, CASE WHEN i % 3 > 0 THEN TIMESTAMP '2025-01-01' + to_seconds(i * 39000 + 400000) END, CASE WHEN i % 5 > 0 THEN TIMESTAMP '2025-01-01' + to_seconds(i * 39000 + 500000) END, 'author-' || (i % 97), TIMESTAMP '2026-01-01'
FROM range(0, 1000) AS t(i);

INSERT INTO "integrations" (integration_id, partner_id, type, target, started_at, live_at, installs, active_installs, known_from)
SELECT 'N' || i, 'P' || i, ['marketplace', 'adapter', 'sample', 'custom'][i % 4 + 1], 'target-' || (i % 7), TIMESTAMP '2025-01-01' + to_seconds(i * 19000), CASE WHEN i % 5 > 0 THEN TIMESTAMP '2025-01-01' + to_seconds(i * 19000) + to_days(20) END, i % 300, i % 200, TIMESTAMP '2026-01-01'
FROM range(0, {partners} // 2) AS t(i);

INSERT INTO "probes" (target, time, region, result, latency_ms, known_from)
SELECT 'product-' || (i % 3), TIMESTAMP '2025-01-01' + to_minutes(CAST(i * 2 AS BIGINT)), 'eu', CASE WHEN i % 2000 = 0 THEN 'down' ELSE 'up' END, 50 + i % 40, TIMESTAMP '2026-01-01'
FROM range(0, 320000) AS t(i);

INSERT INTO "webhook_deliveries" (event_id, product, partner_id, triggered_at, delivered_at, attempts, status, known_from)
SELECT 'W' || i, 'product-' || (i % 6), 'P' || (i % {partners}), TIMESTAMP '2025-01-01' + to_seconds(i * 190), CASE WHEN i % 200 > 0 THEN TIMESTAMP '2025-01-01' + to_seconds(i * 190 + i % 60) END, 1, 'delivered', TIMESTAMP '2026-01-01'
FROM range(0, 200000) AS t(i);

INSERT INTO "milestones" (date, label, kind, known_from)
SELECT CAST(DATE '2025-01-15' + CAST(i * 60 AS INTEGER) AS DATE), 'Milestone ' || i, 'launch', TIMESTAMP '2026-01-01'
FROM range(0, 7) AS t(i);
