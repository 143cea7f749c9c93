-- Makes the shared schema of an empty database. Written by `manage.py make_shared_sql` from the migrations; don't edit.
-- digest: 4e2c0e2220d76b9d
-- contains: tenancy 0001_initial
-- contains: contenttypes 0001_initial
-- contains: contenttypes 0002_remove_content_type_name
-- contains: auth 0001_initial
-- contains: auth 0002_alter_permission_name_max_length
-- contains: auth 0003_alter_user_email_max_length
-- contains: auth 0004_alter_user_username_opts
-- contains: auth 0005_alter_user_last_login_null
-- contains: auth 0006_require_contenttypes_0002
-- contains: auth 0007_alter_validators_add_error_messages
-- contains: auth 0008_alter_user_username_max_length
-- contains: auth 0009_alter_user_last_name_max_length
-- contains: auth 0010_alter_group_name_max_length
-- contains: auth 0011_update_proxy_permissions
-- contains: auth 0012_alter_user_first_name_max_length
-- contains: accounts 0001_initial
-- contains: account 0001_initial
-- contains: account 0002_email_max_length
-- contains: account 0003_alter_emailaddress_create_unique_verified_email
-- contains: account 0004_alter_emailaddress_drop_unique_email
-- contains: account 0005_emailaddress_idx_upper_email
-- contains: account 0006_emailaddress_lower
-- contains: account 0007_emailaddress_idx_email
-- contains: account 0008_emailaddress_unique_primary_email_fixup
-- contains: account 0009_emailaddress_unique_primary_email
-- contains: tenancy 0002_default_search_path
-- contains: accounts 0002_audit_append_only
-- contains: accounts 0003_views
-- contains: api 0001_initial
-- contains: supplier 0001_initial
-- contains: supplier 0002_guards
-- contains: supplier 0003_search_indexes
-- contains: supplier 0004_answered_reservations
-- contains: supplier 0005_cash_on_delivery
-- contains: supplier 0006_price_by_rule
-- contains: supplier 0007_hot_buckets
-- contains: supplier 0008_discounts_and_their_funders
-- contains: supplier 0009_settlement
-- contains: supplier 0010_settlement_guards
-- contains: supplier 0011_promotions
-- contains: supplier 0012_order_changes_and_disputes
-- contains: supplier 0013_stock_states
-- contains: supplier 0014_daily_seals
-- contains: supplier 0015_returns
-- contains: supplier 0016_returns_after_payouts
-- contains: supplier 0017_return_postage
-- contains: supplier 0018_bearers_of_disputes
-- contains: supplier 0019_fewer_indexes_of_orders
-- contains: supplier 0020_payout_holds
-- contains: supplier 0021_planned_arrivals
-- contains: supplier 0022_sales_refunds
-- contains: supplier 0023_lots
-- contains: supplier 0024_lot_guards
-- contains: supplier 0025_paper_parties
-- contains: supplier 0026_buying_accounts
-- contains: supplier 0027_kits
-- contains: supplier 0028_quality_card
-- contains: supplier 0029_bundles
-- contains: supplier 0030_service_accounts
-- contains: supplier 0031_bank_refunds_by_file
-- contains: supplier 0032_cases_of_help
-- contains: supplier 0033_bundle_locks
-- contains: supplier 0034_lot_pick_orders
-- contains: outbox 0001_initial
-- contains: outbox 0002_job_runs
-- contains: outbox 0003_at_a_glance
-- contains: outbox 0004_handled_events_name_nobody
-- contains: outbox 0005_who_acted
-- contains: outbox 0006_vacuumed_by_changes
-- contains: enablement 0001_buying
-- contains: enablement 0002_guards
-- contains: enablement 0003_mart
-- contains: enablement 0004_cancelled_pieces
-- contains: enablement 0005_announcements
-- contains: enablement 0006_forecasts
-- contains: enablement 0007_quality
-- contains: enablement 0008_quality_guards
-- contains: enablement 0009_purchase_plans
-- contains: enablement 0010_plan_guards
-- contains: enablement 0011_kits
-- contains: enablement 0012_care
-- contains: enablement 0013_care_guards
-- contains: enablement 0014_academy
-- contains: enablement 0015_service_network
-- contains: enablement 0016_service_guards
-- contains: enablement 0017_buying_rounds
-- contains: enablement 0018_round_guards
-- contains: enablement 0019_cases_of_help
-- contains: enablement 0020_advice
-- contains: enablement 0021_suggestions
-- contains: enablement 0022_benchmark
-- contains: enablement 0027_quotes
-- contains: enablement 0028_quote_guards
-- contains: enablement 0030_tips
-- contains: enablement 0031_past_forecasts
-- contains: enablement 0032_visits_and_scores
-- contains: enablement 0033_booked_services
-- contains: enablement 0034_booking_guards
-- contains: enablement 0025_cases_of_complaints
-- contains: enablement 0026_paper_files
-- contains: enablement 0035_landed_cost_and_bills
-- contains: enablement 0036_weeks
-- contains: jobs 0001_initial
-- contains: mfa 0001_initial
-- contains: mfa 0002_authenticator_timestamps
-- contains: mfa 0003_authenticator_type_uniq
-- contains: reseller 0001_initial
-- contains: orders 0001_initial
-- contains: orders 0002_refunds_of_sent_pieces
-- contains: orders 0003_discounts_and_their_funders
-- contains: orders 0004_promotions
-- contains: orders 0005_returns
-- contains: orders 0006_carts_that_were_ordered
-- contains: orders 0007_undone_refunds
-- contains: orders 0008_refunds_that_wait
-- contains: orders 0009_cases_of_help
-- contains: orders 0011_booked_services
-- contains: orders 0012_parts_of_bundles
-- contains: reseller 0002_prices_that_follow
-- contains: reseller 0003_promotions
-- contains: reseller 0004_kits
-- contains: reseller 0005_beside_and_segments
-- contains: reseller 0006_what_was_handed_in
-- contains: sessions 0001_initial
-- contains: supplier 0038_booked_services
-- contains: supplier 0039_returned_parts
-- contains: supplier 0040_delivered_parcels_and_kept_earnings
-- contains: supplier 0043_erased_files
-- contains: supplier 0044_vendor_accounts
-- contains: supplier 0045_serial_numbers
-- contains: supplier 0046_warranties
-- contains: supplier 0047_disputes_of_unused_payments
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE FUNCTION public.accounts_audit_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION public.enablement_announcement_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (to_jsonb(OLD) - 'withdrawn_at') IS DISTINCT FROM (to_jsonb(NEW) - 'withdrawn_at') THEN
        RAISE EXCEPTION 'what shops have read stays as it was' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
        RAISE EXCEPTION 'what was taken back stays so' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION public.enablement_bill_goes_on() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('held', 'approved'), ('held', 'refused'), ('approved', 'filed'), ('filed', 'paid'), ('filed', 'approved')) THEN
        RAISE EXCEPTION 'a bill does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.vendor_id, OLD.number, OLD.order_id, OLD.currency, OLD.rate, OLD.billed_on, OLD.total_minor, OLD.entered_by_id)
       IS DISTINCT FROM
       (NEW.vendor_id, NEW.number, NEW.order_id, NEW.currency, NEW.rate, NEW.billed_on, NEW.total_minor, NEW.entered_by_id)
       OR (OLD.state <> 'held' AND (OLD.payable_minor, OLD.approved_by_id, OLD.approved_at)
           IS DISTINCT FROM (NEW.payable_minor, NEW.approved_by_id, NEW.approved_at)) THEN
        RAISE EXCEPTION 'what was billed and approved stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.payment_id IS NOT NULL) <> (NEW.state IN ('filed', 'paid')) THEN
        RAISE EXCEPTION 'a bill is with the bank by a file' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'filed' AND EXISTS (
        SELECT 1 FROM enablement_vendorpayment p WHERE p.id = NEW.payment_id
        AND (p.made_by_id IN (NEW.approved_by_id, NEW.entered_by_id) OR p.currency <> NEW.currency)) THEN
        RAISE EXCEPTION 'nobody pays what they entered or approved' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_bill_line_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'what was billed stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.bill_id, OLD.line_id, OLD.charge_id, OLD.pieces, OLD.unit_minor) IS DISTINCT FROM
       (NEW.bill_id, NEW.line_id, NEW.charge_id, NEW.pieces, NEW.unit_minor)
       OR (OLD.accrued_minor IS NOT NULL AND to_jsonb(OLD) - 'credit_note' <> to_jsonb(NEW) - 'credit_note')
       OR (OLD.decision NOT IN ('', 'fits') AND OLD.decision <> NEW.decision) THEN
        RAISE EXCEPTION 'what was billed and decided stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_booking_goes_on() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('held', 'placed'), ('held', 'released'), ('released', 'placed'),
        ('placed', 'cancelled'), ('placed', 'failed')) THEN
        RAISE EXCEPTION 'a booking does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.reseller_id, OLD.order_number, OLD.line_id, OLD.option_id, OLD.pieces, OLD.product_id, OLD.currency,
        OLD.cost_minor, OLD.created_at) IS DISTINCT FROM
       (NEW.reseller_id, NEW.order_number, NEW.line_id, NEW.option_id, NEW.pieces, NEW.product_id, NEW.currency,
        NEW.cost_minor, NEW.created_at) THEN
        RAISE EXCEPTION 'what was sold stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.booked_at IS NOT NULL AND OLD.booked_at IS DISTINCT FROM NEW.booked_at
       OR OLD.refunded_at IS NOT NULL AND OLD.refunded_at IS DISTINCT FROM NEW.refunded_at THEN
        RAISE EXCEPTION 'what S heard of stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_booking_place_is_free() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE room integer;
BEGIN
    -- whoever takes a place of this provider waits here, so that what is counted below stays true until the commit
    SELECT capacity INTO room FROM enablement_serviceprovider WHERE id = NEW.provider_id FOR NO KEY UPDATE;
    IF room <= (SELECT count(*) FROM enablement_servicebooking b
                WHERE b.provider_id = NEW.provider_id AND b."on" = NEW."on" AND b.id IS DISTINCT FROM NEW.id)
             + (SELECT count(*) FROM enablement_servicetask t
                WHERE t.provider_id = NEW.provider_id AND t."on" = NEW."on"
                  AND t.state IN ('offered', 'accepted', 'done', 'approved', 'paid')) THEN
        RAISE EXCEPTION 'no place is left on this day' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_charge_is_shared() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    its_id bigint := CASE WHEN TG_TABLE_NAME = 'enablement_chargepart' THEN (to_jsonb(NEW) ->> 'charge_id')::bigint ELSE NEW.id END;
BEGIN
    IF EXISTS (SELECT 1 FROM enablement_purchasecharge c WHERE c.id = its_id AND c.own_minor <>
               (SELECT COALESCE(sum(p.own_minor), 0) FROM enablement_chargepart p WHERE p.charge_id = c.id)) THEN
        RAISE EXCEPTION 'the parts of a cost do not sum to it' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.enablement_commitment_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE its_state text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a commitment stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT r.state INTO its_state FROM enablement_rounditem i JOIN enablement_buyinground r ON r.id = i.round_id
    WHERE i.id = NEW.item_id;
    IF TG_OP = 'INSERT' THEN
        IF its_state <> 'open' OR NEW.released_minor IS NOT NULL THEN
            RAISE EXCEPTION 'one commits to a round that is open' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.released_minor IS NOT NULL OR (OLD.item_id, OLD.reseller_id) IS DISTINCT FROM (NEW.item_id, NEW.reseller_id)
       OR NEW.revision < OLD.revision
       OR ((OLD.pieces, OLD.unit_minor, OLD.deposit_minor) IS DISTINCT FROM (NEW.pieces, NEW.unit_minor, NEW.deposit_minor)
           AND (its_state <> 'open' OR NEW.revision = OLD.revision OR NEW.released_minor IS NOT NULL))
       OR (NEW.kept_minor > 0 AND its_state <> 'reached') THEN
        RAISE EXCEPTION 'what was committed stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_complaint_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.state = 'answered' AND NEW.state <> 'answered' AND NEW.case_id IS NULL AND NEW.about = 'goods') OR
       (OLD.number, OLD.reseller_id, OLD.order_number, OLD.about, OLD.created_at) IS DISTINCT FROM
       (NEW.number, NEW.reseller_id, NEW.order_number, NEW.about, NEW.created_at) OR (OLD.case_id IS NOT NULL AND NEW.case_id IS DISTINCT FROM OLD.case_id) THEN
        RAISE EXCEPTION 'a complaint stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_deposits_have_ended() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.state IN ('missed', 'cancelled', 'ended') AND EXISTS (
        SELECT 1 FROM enablement_commitment c JOIN enablement_rounditem i ON i.id = c.item_id
        WHERE i.round_id = NEW.id AND c.released_minor IS NULL) THEN
        RAISE EXCEPTION 'a deposit was left over' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.enablement_inspection_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'due' OR NEW.lot_id <> OLD.lot_id OR (NEW.state <> 'due' AND
       (OLD.lot_id, OLD.variant_id, OLD.original, OLD.level, OLD.severity, OLD.lot_size, OLD.aql_major, OLD.aql_minor,
        OLD.sample_major, OLD.accept_major, OLD.strict_major, OLD.sample_minor, OLD.accept_minor) IS DISTINCT FROM
       (NEW.lot_id, NEW.variant_id, NEW.original, NEW.level, NEW.severity, NEW.lot_size, NEW.aql_major, NEW.aql_minor,
        NEW.sample_major, NEW.accept_major, NEW.strict_major, NEW.sample_minor, NEW.accept_minor)) THEN
        RAISE EXCEPTION 'an inspection stays as it was planned and decided'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_kit_goes_on() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE fixed text[] := ARRAY['slug', 'value_bps', 'share_bps', 'campaign_id', 'starts_on', 'ends_on', 'published_at'];
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('draft', 'published'), ('published', 'withdrawn')) THEN
        RAISE EXCEPTION 'a kit does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state <> 'draft' AND EXISTS (
        SELECT 1 FROM unnest(fixed) AS f(name) WHERE to_jsonb(OLD) -> f.name IS DISTINCT FROM to_jsonb(NEW) -> f.name) THEN
        RAISE EXCEPTION 'the offer of a kit stays as shops took it on' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'withdrawn' AND OLD IS DISTINCT FROM NEW THEN
        RAISE EXCEPTION 'a withdrawn kit stays as it was' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_kit_products_stay() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM enablement_kit k WHERE k.id IN (OLD.kit_id, NEW.kit_id) AND k.state <> 'draft') THEN
        RAISE EXCEPTION 'the products of a kit stay as shops took it on' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION public.enablement_kit_use_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM enablement_kit k WHERE k.id = NEW.kit_id AND k.state = 'published' FOR SHARE) THEN
            RAISE EXCEPTION 'only a published kit is taken on' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
          OR (OLD.kit_id, OLD.reseller_id, OLD.adopted_at) IS DISTINCT FROM (NEW.kit_id, NEW.reseller_id, NEW.adopted_at) THEN
        RAISE EXCEPTION 'where a kit was stays known' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_pass_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(OLD) - 'learner_id') IS DISTINCT FROM (to_jsonb(NEW) - 'learner_id')
       OR NEW.learner_id IS NOT NULL THEN
        RAISE EXCEPTION 'who has passed a course has passed it' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_plan_goes_on() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('waiting', 'planning'), ('planning', 'done'), ('planning', 'failed'), ('done', 'ordered'), ('ordered', 'settled')) THEN
        RAISE EXCEPTION 'a purchase plan does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.number, OLD.warehouse_id, OLD.currency, OLD.shared_bps, OLD.created_at) IS DISTINCT FROM
       (NEW.number, NEW.warehouse_id, NEW.currency, NEW.shared_bps, NEW.created_at)
       OR (OLD.state NOT IN ('waiting', 'planning') AND
           (OLD.method, OLD.cost_minor, OLD.bound_minor, OLD.alone_minor, OLD.saving_minor, OLD.shared_minor)
           IS DISTINCT FROM
           (NEW.method, NEW.cost_minor, NEW.bound_minor, NEW.alone_minor, NEW.saving_minor, NEW.shared_minor)) THEN
        RAISE EXCEPTION 'what was planned stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_plan_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    its_state text;
    old_row jsonb;
    new_row jsonb;
BEGIN
    SELECT state INTO its_state FROM enablement_purchaseplan
    WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.plan_id ELSE OLD.plan_id END;
    IF its_state NOT IN ('waiting', 'planning') THEN
        IF TG_OP <> 'UPDATE' THEN
            RAISE EXCEPTION 'what was planned stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        old_row := to_jsonb(OLD);
        new_row := to_jsonb(NEW);
        IF NOT (
            (its_state = 'done' AND old_row - 'order_id' = new_row - 'order_id' AND old_row ->> 'order_id' IS NULL)
            OR (its_state = 'ordered' AND old_row - 'came' = new_row - 'came')
            OR (its_state = 'ordered' AND old_row - 'credited_minor' = new_row - 'credited_minor'
                AND old_row ->> 'credited_minor' IS NULL)) THEN
            RAISE EXCEPTION 'what was planned stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION public.enablement_provider_goes_on() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('applied', 'vetted'), ('applied', 'refused'), ('vetted', 'active'), ('vetted', 'refused'),
        ('active', 'suspended'), ('suspended', 'active'), ('refused', 'applied')) THEN
        RAISE EXCEPTION 'a provider does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.access < OLD.access THEN
        RAISE EXCEPTION 'links that are dead stay dead' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_purchase_goes_on() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'sent'), ('draft', 'cancelled'), ('sent', 'part'), ('sent', 'received'), ('sent', 'cancelled'),
        ('part', 'received')) THEN
        RAISE EXCEPTION 'a purchase order does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.number, OLD.created_at) IS DISTINCT FROM (NEW.number, NEW.created_at) OR (OLD.state <> 'draft' AND
       (OLD.vendor_id, OLD.warehouse_id, OLD.currency, OLD.rate, OLD.order_fee_minor, OLD.sent_at) IS DISTINCT FROM
       (NEW.vendor_id, NEW.warehouse_id, NEW.currency, NEW.rate, NEW.order_fee_minor, NEW.sent_at)) THEN
        RAISE EXCEPTION 'what was sent to a vendor stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_purchase_line_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE its_state text;
BEGIN
    SELECT state INTO its_state FROM enablement_purchaseorder
    WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.order_id ELSE OLD.order_id END;
    IF TG_OP = 'UPDATE' AND its_state <> 'draft' THEN
        IF (OLD.order_id, OLD.variant_id, OLD.quantity, OLD.unit_minor, OLD.code) IS DISTINCT FROM
           (NEW.order_id, NEW.variant_id, NEW.quantity, NEW.unit_minor, NEW.code)
           OR NEW.received < OLD.received
           OR ((OLD.received, OLD.cancelled) IS DISTINCT FROM (NEW.received, NEW.cancelled)
               AND its_state NOT IN ('sent', 'part')) THEN
            RAISE EXCEPTION 'what was sent to a vendor stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF its_state <> 'draft' THEN
        RAISE EXCEPTION 'what was sent to a vendor stays' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF TG_OP <> 'DELETE' AND (NEW.received > 0 OR NEW.cancelled > 0) THEN
        RAISE EXCEPTION 'nothing is received for a draft' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION public.enablement_quote_line_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    its_quote bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.quote_id ELSE NEW.quote_id END;
    its_state text;
    fits boolean;
BEGIN
    SELECT r.state INTO its_state FROM enablement_quote q JOIN enablement_quoterequest r ON r.id = q.request_id
    WHERE q.id = its_quote;
    IF its_state <> 'open' THEN
        RAISE EXCEPTION 'a request for prices is closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'awarded_at' - 'order_id' <> to_jsonb(NEW) - 'awarded_at' - 'order_id' THEN
        RAISE EXCEPTION 'a price is changed by another answer' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT i.request_id = q.request_id INTO fits FROM enablement_quote q, enablement_quoteitem i
    WHERE q.id = NEW.quote_id AND i.id = NEW.item_id;
    IF fits IS NOT TRUE THEN
        RAISE EXCEPTION 'a price is for what was asked' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_quote_request_goes_on() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('open', 'awarded'), ('open', 'cancelled')) THEN
        RAISE EXCEPTION 'a request for prices does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.number, OLD.warehouse_id, OLD.created_at) IS DISTINCT FROM (NEW.number, NEW.warehouse_id, NEW.created_at)
       OR (OLD.state <> 'open' AND OLD.answer_by <> NEW.answer_by) THEN
        RAISE EXCEPTION 'what was asked stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_quote_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'who was asked stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.request_id, OLD.vendor_id, OLD.currency) IS DISTINCT FROM (NEW.request_id, NEW.vendor_id, NEW.currency)
       OR NEW.access < OLD.access OR NEW.revision < OLD.revision
       OR (to_jsonb(OLD) - 'access' - 'opened_at' <> to_jsonb(NEW) - 'access' - 'opened_at'
           AND (NEW.revision = OLD.revision
                OR (SELECT state FROM enablement_quoterequest WHERE id = NEW.request_id) <> 'open')) THEN
        RAISE EXCEPTION 'an answer is changed by another one, while the request is open'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_read_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(OLD) - 'reader_id') IS DISTINCT FROM (to_jsonb(NEW) - 'reader_id')
       OR NEW.reader_id IS NOT NULL THEN
        RAISE EXCEPTION 'who has read something has read it' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_recall_lots_stay() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (SELECT state FROM enablement_recall
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.recall_id ELSE NEW.recall_id END) <> 'draft' THEN
        RAISE EXCEPTION 'a recall goes on, of the lots it began with' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION public.enablement_recall_order_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'told' OR
       (OLD.recall_id, OLD.reseller_id, OLD.order_number, OLD.lines) IS DISTINCT FROM
       (NEW.recall_id, NEW.reseller_id, NEW.order_number, NEW.lines) THEN
        RAISE EXCEPTION 'whom a recall told stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_recall_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.state, NEW.state) NOT IN (
        ('draft', 'draft'), ('draft', 'running'), ('running', 'running'), ('running', 'done'), ('done', 'done'))
       OR (OLD.state <> 'draft' AND (OLD.remedy, OLD.reason_en, OLD.reason_zh, OLD.advice_en, OLD.advice_zh)
           IS DISTINCT FROM (NEW.remedy, NEW.reason_en, NEW.reason_zh, NEW.advice_en, NEW.advice_zh)) THEN
        RAISE EXCEPTION 'a recall goes on, and says what it said' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_receipt_line_fits() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE fits boolean;
BEGIN
    SELECT l.order_id = r.order_id AND l.variant_id = NEW.variant_id AND l.unit_minor = NEW.unit_minor
           AND o.state IN ('sent', 'part') INTO fits
    FROM enablement_receipt r, enablement_purchaseline l JOIN enablement_purchaseorder o ON o.id = l.order_id
    WHERE r.id = NEW.receipt_id AND l.id = NEW.line_id;
    IF fits IS NOT TRUE THEN
        RAISE EXCEPTION 'a receipt is of its own order, while that is open, at its cost'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_received_is_what_came() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE its_id bigint := CASE WHEN TG_TABLE_NAME = 'enablement_receiptline' THEN (to_jsonb(NEW) ->> 'line_id')::bigint
                              ELSE NEW.id END;
BEGIN
    IF EXISTS (SELECT 1 FROM enablement_purchaseline l WHERE l.id = its_id AND l.received <>
               (SELECT COALESCE(sum(r.quantity), 0) FROM enablement_receiptline r WHERE r.line_id = l.id)) THEN
        RAISE EXCEPTION 'received is not the sum of the receipts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.enablement_round_goes_on() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('open', 'reached'), ('open', 'missed'), ('open', 'cancelled'), ('reached', 'cancelled'), ('reached', 'ended')) THEN
        RAISE EXCEPTION 'a buying round does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.number, OLD.warehouse_id, OLD.currency, OLD.closes_at, OLD.least, OLD.volume, OLD.deposit_bps, OLD.shared_bps,
        OLD.sell_days, OLD.created_at) IS DISTINCT FROM
       (NEW.number, NEW.warehouse_id, NEW.currency, NEW.closes_at, NEW.least, NEW.volume, NEW.deposit_bps, NEW.shared_bps,
        NEW.sell_days, NEW.created_at) OR (OLD.plan_id IS NOT NULL AND OLD.plan_id IS DISTINCT FROM NEW.plan_id) THEN
        RAISE EXCEPTION 'what a round was opened with stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_service_offer_goes_on() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (OLD.task_id, OLD.provider_id, OLD.price_minor, OLD."on", OLD.at_part, OLD.sent_at, OLD.until)
       IS DISTINCT FROM (NEW.task_id, NEW.provider_id, NEW.price_minor, NEW."on", NEW.at_part, NEW.sent_at, NEW.until)
       OR (OLD.state <> 'open' AND (OLD.state, NEW.state) <> ('accepted', 'given_back'))
       OR (NEW.state <> 'open') <> (NEW.answered_at IS NOT NULL) THEN
        RAISE EXCEPTION 'an offer is answered once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_service_statement_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (OLD.number, OLD.batch, OLD.provider_id, OLD.currency, OLD.total_minor, OLD.bank, OLD.created_at)
       IS DISTINCT FROM
       (NEW.number, NEW.batch, NEW.provider_id, NEW.currency, NEW.total_minor, NEW.bank, NEW.created_at)
       OR (OLD.state, NEW.state) NOT IN (('filed', 'paid')) THEN
        RAISE EXCEPTION 'a statement stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_service_statement_sums() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE its_id bigint := CASE WHEN TG_TABLE_NAME = 'enablement_servicetask' THEN (to_jsonb(NEW) ->> 'statement_id')::bigint
                              ELSE NEW.id END;
BEGIN
    IF EXISTS (SELECT 1 FROM enablement_servicestatement s WHERE s.id = its_id AND s.total_minor <>
               (SELECT COALESCE(sum(t.price_minor), 0) FROM enablement_servicetask t
                WHERE t.statement_id = s.id AND t.provider_id = s.provider_id AND t.currency = s.currency))
       OR EXISTS (SELECT 1 FROM enablement_servicetask t JOIN enablement_servicestatement s ON s.id = t.statement_id
                  WHERE s.id = its_id AND t.provider_id <> s.provider_id) THEN
        RAISE EXCEPTION 'a statement is the sum of its tasks' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.enablement_service_task_goes_on() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('open', 'offered'), ('open', 'cancelled'), ('offered', 'accepted'), ('offered', 'open'),
        ('offered', 'cancelled'), ('accepted', 'done'), ('accepted', 'open'), ('accepted', 'cancelled'),
        ('done', 'accepted'), ('done', 'approved'), ('approved', 'paid')) THEN
        RAISE EXCEPTION 'a service task does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.number, OLD.kind, OLD.reseller_id, OLD.currency, OLD.budget_minor, OLD.created_at) IS DISTINCT FROM
       (NEW.number, NEW.kind, NEW.reseller_id, NEW.currency, NEW.budget_minor, NEW.created_at) THEN
        RAISE EXCEPTION 'what was booked stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state IN ('accepted', 'done', 'approved', 'paid') AND NEW.state NOT IN ('open', 'cancelled') AND
       (OLD.provider_id, OLD.price_minor, OLD."on", OLD.at_part) IS DISTINCT FROM
       (NEW.provider_id, NEW.price_minor, NEW."on", NEW.at_part) THEN
        RAISE EXCEPTION 'what a provider accepted stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state IN ('approved', 'paid') AND (NEW.proof, NEW.photos, NEW.done_at) IS DISTINCT FROM ('–', '[]'::jsonb, OLD.done_at) AND (OLD.proof, OLD.photos, OLD.done_at) IS DISTINCT FROM
       (NEW.proof, NEW.photos, NEW.done_at) THEN
        RAISE EXCEPTION 'what was approved stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.statement_id IS NOT NULL AND OLD.statement_id IS DISTINCT FROM NEW.statement_id THEN
        RAISE EXCEPTION 'a task is paid once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'cancelled'
       AND to_jsonb(NEW) - ARRAY['contact', 'address', 'complaint', 'proof', 'photos']
           IS DISTINCT FROM to_jsonb(OLD) - ARRAY['contact', 'address', 'complaint', 'proof', 'photos'] THEN
        RAISE EXCEPTION 'a cancelled task stays as it is' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.enablement_shares_add_up() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    alone bigint;
    shared bigint;
    open_ bigint;
BEGIN
    SELECT COALESCE(sum(alone_minor), 0), COALESCE(sum(share_minor), 0), count(*) FILTER (WHERE credited_minor IS NULL)
    INTO alone, shared, open_ FROM enablement_planshare WHERE plan_id = NEW.id;
    IF NEW.state IN ('done', 'ordered', 'settled') AND (alone, shared) <> (NEW.alone_minor, NEW.shared_minor) THEN
        RAISE EXCEPTION 'shares do not sum to what is shared' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'settled' AND open_ > 0 THEN
        RAISE EXCEPTION 'a share was not credited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.enablement_tier_is_earned() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM enablement_coursepassed p
                   WHERE p.reseller_id = NEW.reseller_id AND p.course_id = NEW.by_course_id) THEN
        RAISE EXCEPTION 'a tier comes from a course that was passed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.price_by_rule(base text, markup_bps integer, ending integer, wholesale bigint, suggested bigint, floor bigint, ceiling bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT GREATEST(1, CASE
        WHEN ending IS NOT NULL AND lowest <= highest
        THEN LEAST(GREATEST((raw + 50 - ending) / 100 * 100 + ending, lowest), highest)
        ELSE LEAST(GREATEST(raw, floor), ceiling) END)
    FROM (SELECT ((CASE base WHEN 'cost' THEN wholesale ELSE suggested END) * (10000 + markup_bps) + 5000) / 10000 AS raw,
                 floor + ((ending - floor) % 100 + 100) % 100 AS lowest,
                 ceiling - ((ceiling - ending) % 100 + 100) % 100 AS highest) AS n
$$;
CREATE FUNCTION public.supplier_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION public.supplier_bundle_fixed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.supplier_bundle WHERE fixed_at IS NOT NULL
               AND variant_id IN (OLD.bundle_id, NEW.bundle_id)) THEN
        RAISE EXCEPTION 'what is in an ordered bundle stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.supplier_bundles_apart() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_TABLE_NAME = 'supplier_stock' THEN
        PERFORM 1 FROM public.supplier_variant WHERE id = NEW.variant_id FOR SHARE;
        IF EXISTS (SELECT 1 FROM public.supplier_bundle WHERE variant_id = NEW.variant_id) THEN
            RAISE EXCEPTION 'a bundle has no stock of its own' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF TG_TABLE_NAME = 'supplier_bundle' THEN
        PERFORM 1 FROM public.supplier_variant WHERE id = NEW.variant_id FOR NO KEY UPDATE;
        IF EXISTS (SELECT 1 FROM public.supplier_stock WHERE variant_id = NEW.variant_id)
           OR EXISTS (SELECT 1 FROM public.supplier_bundlepart WHERE component_id = NEW.variant_id) THEN
            RAISE EXCEPTION 'it has stock, or is in a bundle' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSE
        PERFORM 1 FROM public.supplier_variant WHERE id = NEW.component_id FOR SHARE;
        IF EXISTS (SELECT 1 FROM public.supplier_bundle WHERE variant_id = NEW.component_id) THEN
            RAISE EXCEPTION 'a bundle in a bundle' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.supplier_line_is_frozen() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM supplier_settlement s WHERE s.id = OLD.settlement_id AND s.released) THEN
        RAISE EXCEPTION 'the statement is released' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE FUNCTION public.supplier_lot_goes_on() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('checking', 'free'), ('checking', 'held'), ('free', 'held'), ('held', 'free'), ('held', 'recalled')) THEN
        RAISE EXCEPTION 'a lot does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.variant_id, OLD.code, OLD.serial, OLD.received_at) IS DISTINCT FROM
       (NEW.variant_id, NEW.code, NEW.serial, NEW.received_at) THEN
        RAISE EXCEPTION 'what a lot is stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.supplier_lot_moves() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE its supplier_lot%ROWTYPE;
BEGIN
    SELECT * INTO its FROM supplier_lot WHERE id = NEW.lot_id;
    IF NEW.kind = 'shipment' AND its.state <> 'free' THEN
        RAISE EXCEPTION 'lot % is %: nothing of it leaves', its.code, its.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF its.serial THEN PERFORM 1 FROM supplier_lot WHERE id = NEW.lot_id FOR NO KEY UPDATE; END IF;
    UPDATE supplier_lotstock SET pieces = pieces + NEW.quantity
    WHERE lot_id = NEW.lot_id AND warehouse_id = NEW.warehouse_id;
    IF NOT FOUND THEN
        INSERT INTO supplier_lotstock (lot_id, warehouse_id, pieces, aside)
        VALUES (NEW.lot_id, NEW.warehouse_id, NEW.quantity, 0);
    END IF;
    IF its.serial AND (SELECT sum(pieces) FROM supplier_lotstock WHERE lot_id = NEW.lot_id) > 1 THEN
        RAISE EXCEPTION 'a serial number is of one piece' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.supplier_lot_pick_fits() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.shipment_id IS NOT NULL THEN
        RAISE EXCEPTION 'what was sent stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP <> 'DELETE' AND NOT EXISTS (
        SELECT 1 FROM supplier_lot l, supplier_fulfilmentline f
        WHERE l.id = NEW.lot_id AND f.id = NEW.line_id AND f.variant_id = l.variant_id) THEN
        RAISE EXCEPTION 'a line takes lots of its own variant' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION public.supplier_lot_pick_is_of_serial() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.serial := COALESCE((SELECT serial FROM supplier_lot WHERE id = NEW.lot_id), false);
    RETURN NEW;
END $$;
CREATE FUNCTION public.supplier_lot_stock_is_moved() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' OR pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'pieces of a lot are the sum of its movements' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.supplier_no_line_is_added() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM added l JOIN supplier_settlement s ON s.id = l.settlement_id WHERE s.released) THEN
        RAISE EXCEPTION 'the statement is released' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.supplier_payout_is_there() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE available bigint;
BEGIN
    SELECT s.opening_minor + COALESCE((SELECT sum(l.amount_minor) FROM supplier_statementline l
                                       WHERE l.settlement_id = s.id AND l.kind <> 'payout'), 0)
    INTO available FROM supplier_settlement s
    WHERE s.id = NEW.settlement_id AND s.reseller_id = NEW.reseller_id AND s.currency = NEW.currency
      AND s.payout_minor = NEW.amount_minor AND NOT s.released;
    IF available IS NULL OR NEW.amount_minor > available THEN
        RAISE EXCEPTION 'payout % is above what is available (%)', NEW.amount_minor, available
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.supplier_payout_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (OLD.settlement_id, OLD.reseller_id, OLD.currency, OLD.amount_minor, OLD.method, OLD.key)
       IS DISTINCT FROM (NEW.settlement_id, NEW.reseller_id, NEW.currency, NEW.amount_minor, NEW.method, NEW.key)
       OR (OLD.state IN ('paid', 'failed') AND NEW.state <> OLD.state) THEN
        RAISE EXCEPTION 'a payout keeps its amount, key and end' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.supplier_quarantine_is_of_lots() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    its_variant bigint; its_warehouse bigint := NEW.warehouse_id;
BEGIN
    IF TG_TABLE_NAME = 'supplier_stock' THEN
        its_variant := (to_jsonb(NEW) ->> 'variant_id')::bigint;
    ELSE
        SELECT variant_id INTO its_variant FROM supplier_lot WHERE id = (to_jsonb(NEW) ->> 'lot_id')::bigint;
    END IF;
    IF (SELECT COALESCE(sum(quarantined), 0) FROM supplier_stock
        WHERE variant_id = its_variant AND warehouse_id = its_warehouse) <>
       (SELECT COALESCE(sum(s.aside), 0) FROM supplier_lotstock s JOIN supplier_lot l ON l.id = s.lot_id
        WHERE l.variant_id = its_variant AND s.warehouse_id = its_warehouse) THEN
        RAISE EXCEPTION 'quarantine is not that of the lots' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.supplier_serials_are_told() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM supplier_variant WHERE id = NEW.variant_id AND serials)
       AND supplier_serials_missing(NEW.variant_id) THEN
        RAISE EXCEPTION 'each piece of variant % has a serial number', NEW.variant_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.supplier_serials_begin() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF supplier_serials_missing(NEW.id) THEN
        RAISE EXCEPTION 'pieces of variant % are in stock without a serial number', NEW.sku
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.supplier_serials_missing(its_variant bigint) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM (
            SELECT warehouse_id, sum(available + held + damaged + quarantined) AS pieces
            FROM supplier_stock WHERE variant_id = its_variant GROUP BY 1
            UNION ALL
            SELECT s.warehouse_id, -sum(s.pieces) FROM supplier_lotstock s JOIN supplier_lot l ON l.id = s.lot_id
            WHERE l.variant_id = its_variant AND l.serial GROUP BY 1) each
        GROUP BY warehouse_id HAVING sum(pieces) <> 0)
$$;
CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);
ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_auditentry (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    action character varying(60) NOT NULL,
    subject character varying(120) NOT NULL,
    detail jsonb NOT NULL,
    actor_id bigint,
    reseller_id bigint
);
ALTER TABLE public.accounts_auditentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_auditentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_invitation (
    id bigint NOT NULL,
    email character varying(254) NOT NULL,
    role character varying(10) NOT NULL,
    token_hash character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    invited_by_id bigint NOT NULL,
    reseller_id bigint
);
ALTER TABLE public.accounts_invitation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_membership (
    id bigint NOT NULL,
    role character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reseller_id bigint,
    user_id bigint NOT NULL,
    lists jsonb NOT NULL,
    CONSTRAINT membership_role_fits_side CHECK ((((reseller_id IS NULL) AND ((role)::text = ANY (ARRAY[('admin'::character varying)::text, ('catalogue'::character varying)::text, ('warehouse'::character varying)::text, ('finance'::character varying)::text, ('support'::character varying)::text, ('quality'::character varying)::text]))) OR ((reseller_id IS NOT NULL) AND ((role)::text = ANY (ARRAY[('owner'::character varying)::text, ('manager'::character varying)::text, ('clerk'::character varying)::text])))))
);
ALTER TABLE public.accounts_membership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_membership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_savedview (
    id bigint NOT NULL,
    "table" character varying(40) NOT NULL,
    name character varying(40) NOT NULL,
    query character varying(2000) NOT NULL,
    shared boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    reseller_id bigint,
    user_id bigint NOT NULL
);
ALTER TABLE public.accounts_savedview ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_savedview_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_user (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    email character varying(254) NOT NULL,
    name character varying(80) NOT NULL,
    language character varying(10) NOT NULL,
    is_active boolean NOT NULL,
    is_staff boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT user_email_lower CHECK (((email)::text = lower((email)::text)))
);
CREATE TABLE public.accounts_user_groups (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    group_id integer NOT NULL
);
ALTER TABLE public.accounts_user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.accounts_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_user_user_permissions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.accounts_user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.api_apikey (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    prefix character varying(12) NOT NULL,
    key_hash character varying(64) NOT NULL,
    scopes character varying(40)[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_on date,
    revoked_at timestamp with time zone,
    created_by_id bigint,
    reseller_id bigint
);
ALTER TABLE public.api_apikey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.api_apikey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.api_idempotentanswer (
    id bigint NOT NULL,
    scope character varying(80) NOT NULL,
    key character varying(255) NOT NULL,
    request_hash character varying(64) NOT NULL,
    status smallint NOT NULL,
    body jsonb,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE public.api_idempotentanswer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.api_idempotentanswer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE public.enablement_advice (
    id bigint NOT NULL,
    kind character varying(5) NOT NULL,
    reseller_id bigint NOT NULL,
    product_id bigint NOT NULL,
    other_id bigint NOT NULL,
    held boolean NOT NULL,
    score double precision NOT NULL,
    facts jsonb NOT NULL,
    state character varying(9) NOT NULL,
    made_on date NOT NULL,
    seen_on date NOT NULL,
    decided_at timestamp with time zone,
    CONSTRAINT advice_decided_has_a_time CHECK ((((decided_at IS NULL) AND ((state)::text = 'open'::text)) OR ((NOT ((state)::text = 'open'::text)) AND (decided_at IS NOT NULL)))),
    CONSTRAINT advice_held_is_never_decided CHECK (((NOT held) OR ((state)::text = 'open'::text)))
);
ALTER TABLE public.enablement_advice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_advice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_tipanswer (
    id bigint NOT NULL,
    code character varying(20) NOT NULL,
    subject character varying(40) NOT NULL,
    answer character varying(10) NOT NULL,
    at timestamp with time zone NOT NULL,
    reseller_id bigint NOT NULL,
    CONSTRAINT tip_answer_known CHECK (((answer)::text = ANY (ARRAY[('taken'::character varying)::text, ('dismissed'::character varying)::text])))
);
ALTER TABLE public.enablement_tipanswer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_adviceanswer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_advicerun (
    id bigint NOT NULL,
    made_on date NOT NULL,
    done jsonb NOT NULL,
    hits jsonb NOT NULL,
    finished_at timestamp with time zone
);
ALTER TABLE public.enablement_advicerun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_advicerun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_announcement (
    id bigint NOT NULL,
    title_en character varying(120) NOT NULL,
    title_zh character varying(120) NOT NULL,
    text_en text NOT NULL,
    text_zh text NOT NULL,
    audience character varying(8) NOT NULL,
    must_read boolean NOT NULL,
    due_on date,
    published_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    CONSTRAINT announcement_due_if_must CHECK (((due_on IS NULL) OR must_read)),
    CONSTRAINT announcement_says_something CHECK ((((NOT ((title_en)::text = ''::text)) OR (NOT ((title_zh)::text = ''::text))) AND ((NOT (text_en = ''::text)) OR (NOT (text_zh = ''::text)))))
);
CREATE TABLE public.enablement_announcement_chosen (
    id bigint NOT NULL,
    announcement_id bigint NOT NULL,
    reseller_id bigint NOT NULL
);
ALTER TABLE public.enablement_announcement_chosen ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_announcement_chosen_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.enablement_announcement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_announcement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_announcementread (
    id bigint NOT NULL,
    read_at timestamp with time zone NOT NULL,
    announcement_id bigint NOT NULL,
    reader_id bigint,
    reseller_id bigint NOT NULL
);
ALTER TABLE public.enablement_announcementread ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_announcementread_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_benchmark (
    id bigint NOT NULL,
    month date NOT NULL,
    "group" integer NOT NULL,
    figure character varying(8) NOT NULL,
    currency character varying(3) NOT NULL,
    members integer NOT NULL,
    low bigint NOT NULL,
    middle bigint NOT NULL,
    high bigint NOT NULL,
    CONSTRAINT benchmark_in_order CHECK (((low <= middle) AND (middle <= high))),
    CONSTRAINT benchmark_of_six_or_more CHECK ((members >= 6)),
    CONSTRAINT enablement_benchmark_group_check CHECK (("group" >= 0)),
    CONSTRAINT enablement_benchmark_members_check CHECK ((members >= 0))
);
ALTER TABLE public.enablement_benchmark ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_benchmark_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_billline (
    id bigint NOT NULL,
    pieces integer NOT NULL,
    unit_minor bigint NOT NULL,
    trouble jsonb NOT NULL,
    decision character varying(8) NOT NULL,
    decided_at timestamp with time zone,
    reason character varying(160) NOT NULL,
    paid_pieces integer,
    payable_minor bigint,
    accrued_minor bigint,
    credit_minor bigint NOT NULL,
    credit_note character varying(40) NOT NULL,
    decided_by_id bigint,
    line_id bigint,
    charge_id bigint,
    bill_id bigint NOT NULL,
    CONSTRAINT bill_line_of_one_thing CHECK ((((charge_id IS NULL) AND (line_id IS NOT NULL)) OR ((charge_id IS NOT NULL) AND (line_id IS NULL) AND (pieces = 1)))),
    CONSTRAINT bill_line_owes_at_most_itself CHECK (((pieces > 0) AND ((payable_minor IS NULL) OR (payable_minor <= (pieces * unit_minor))))),
    CONSTRAINT enablement_billline_credit_minor_check CHECK ((credit_minor >= 0)),
    CONSTRAINT enablement_billline_paid_pieces_check CHECK ((paid_pieces >= 0)),
    CONSTRAINT enablement_billline_payable_minor_check CHECK ((payable_minor >= 0)),
    CONSTRAINT enablement_billline_pieces_check CHECK ((pieces >= 0)),
    CONSTRAINT enablement_billline_unit_minor_check CHECK ((unit_minor >= 0))
);
ALTER TABLE public.enablement_billline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_billline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_billrules (
    id bigint NOT NULL,
    price_bps integer NOT NULL,
    pieces_bps integer NOT NULL,
    CONSTRAINT bill_rules_of_parts CHECK (((pieces_bps <= 5000) AND (price_bps <= 5000))),
    CONSTRAINT bill_rules_once CHECK ((id = 1)),
    CONSTRAINT enablement_billrules_pieces_bps_check CHECK ((pieces_bps >= 0)),
    CONSTRAINT enablement_billrules_price_bps_check CHECK ((price_bps >= 0))
);
ALTER TABLE public.enablement_billrules ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_billrules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_buyinground (
    id bigint NOT NULL,
    number character varying(12) NOT NULL,
    name_en character varying(80) NOT NULL,
    name_zh character varying(80) NOT NULL,
    state character varying(10) NOT NULL,
    currency character varying(3) NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    "least" integer NOT NULL,
    volume integer,
    deposit_bps integer NOT NULL,
    shared_bps integer NOT NULL,
    sell_days smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    ended_at timestamp with time zone,
    actor_id bigint,
    plan_id bigint,
    warehouse_id bigint NOT NULL,
    CONSTRAINT enablement_buyinground_deposit_bps_check CHECK ((deposit_bps >= 0)),
    CONSTRAINT enablement_buyinground_least_check CHECK (("least" >= 0)),
    CONSTRAINT enablement_buyinground_sell_days_check CHECK ((sell_days >= 0)),
    CONSTRAINT enablement_buyinground_shared_bps_check CHECK ((shared_bps >= 0)),
    CONSTRAINT enablement_buyinground_volume_check CHECK ((volume >= 0)),
    CONSTRAINT round_closes_at_more_than_least CHECK ((("least" >= 1) AND ((volume IS NULL) OR (volume >= "least")))),
    CONSTRAINT round_of_parts CHECK (((deposit_bps <= 10000) AND (shared_bps <= 10000))),
    CONSTRAINT round_reached_has_a_plan CHECK ((((plan_id IS NULL) AND ((state)::text = ANY (ARRAY[('open'::character varying)::text, ('missed'::character varying)::text, ('cancelled'::character varying)::text]))) OR ((plan_id IS NOT NULL) AND ((state)::text = ANY (ARRAY[('reached'::character varying)::text, ('cancelled'::character varying)::text, ('ended'::character varying)::text])))))
);
ALTER TABLE public.enablement_buyinground ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_buyinground_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_chargepart (
    id bigint NOT NULL,
    own_minor bigint NOT NULL,
    line_id bigint NOT NULL,
    charge_id bigint NOT NULL
);
ALTER TABLE public.enablement_chargepart ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_chargepart_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_commitment (
    id bigint NOT NULL,
    pieces integer NOT NULL,
    unit_minor bigint NOT NULL,
    deposit_minor bigint NOT NULL,
    revision integer NOT NULL,
    sold integer,
    released_minor bigint,
    kept_minor bigint,
    changed_at timestamp with time zone NOT NULL,
    reseller_id bigint NOT NULL,
    item_id bigint NOT NULL,
    CONSTRAINT commitment_deposit_ends_whole CHECK ((((kept_minor IS NULL) AND (released_minor IS NULL)) OR (deposit_minor = (released_minor + kept_minor)))),
    CONSTRAINT commitment_deposit_within CHECK ((deposit_minor <= (pieces * unit_minor))),
    CONSTRAINT enablement_commitment_deposit_minor_check CHECK ((deposit_minor >= 0)),
    CONSTRAINT enablement_commitment_kept_minor_check CHECK ((kept_minor >= 0)),
    CONSTRAINT enablement_commitment_pieces_check CHECK ((pieces >= 0)),
    CONSTRAINT enablement_commitment_released_minor_check CHECK ((released_minor >= 0)),
    CONSTRAINT enablement_commitment_revision_check CHECK ((revision >= 0)),
    CONSTRAINT enablement_commitment_sold_check CHECK ((sold >= 0)),
    CONSTRAINT enablement_commitment_unit_minor_check CHECK ((unit_minor >= 0))
);
ALTER TABLE public.enablement_commitment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_commitment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_complaint (
    id bigint NOT NULL,
    number character varying(12) NOT NULL,
    order_number character varying(12) NOT NULL,
    key character varying(60) NOT NULL,
    about character varying(8) NOT NULL,
    state character varying(8) NOT NULL,
    text character varying(2000) NOT NULL,
    photos jsonb NOT NULL,
    justified boolean,
    answer character varying(2000) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    actor_id bigint,
    lot_id bigint,
    reseller_id bigint NOT NULL,
    variant_id bigint,
    vendor_id bigint,
    case_id bigint,
    closed_at timestamp with time zone,
    closed_by character varying(8) DEFAULT ''::character varying NOT NULL,
    line_id bigint,
    problem character varying(8) DEFAULT ''::character varying NOT NULL,
    reason character varying(300) DEFAULT ''::character varying NOT NULL,
    shipment_id bigint,
    CONSTRAINT complaint_answered_or_open CHECK ((((answered_at IS NULL) AND (closed_at IS NULL) AND ((state)::text = 'open'::text)) OR ((answered_at IS NOT NULL) AND (closed_at IS NULL) AND ((state)::text = 'answered'::text) AND (NOT ((answer)::text = ''::text))) OR ((closed_at IS NOT NULL) AND ((state)::text = 'closed'::text) AND (NOT ((closed_by)::text = ''::text))))),
    CONSTRAINT complaint_says_something CHECK ((NOT ((text)::text = ''::text)))
);
ALTER TABLE public.enablement_complaint ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_complaint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_costchange (
    id bigint NOT NULL,
    key character varying(120) NOT NULL,
    of_bill boolean NOT NULL,
    minor bigint NOT NULL,
    pieces integer NOT NULL,
    on_hand integer NOT NULL,
    stock_minor bigint NOT NULL,
    variance_minor bigint NOT NULL,
    average_minor numeric(20,4),
    at timestamp with time zone NOT NULL,
    line_id bigint NOT NULL,
    CONSTRAINT cost_change_adds_up CHECK ((minor = (stock_minor + variance_minor))),
    CONSTRAINT enablement_costchange_on_hand_check CHECK ((on_hand >= 0)),
    CONSTRAINT enablement_costchange_pieces_check CHECK ((pieces >= 0))
);
ALTER TABLE public.enablement_costchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_costchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_course (
    id bigint NOT NULL,
    title_en character varying(80) NOT NULL,
    title_zh character varying(80) NOT NULL,
    lead_en character varying(200) NOT NULL,
    lead_zh character varying(200) NOT NULL,
    step character varying(10) NOT NULL,
    unlocks boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    CONSTRAINT course_has_a_title CHECK (((NOT ((title_en)::text = ''::text)) OR (NOT ((title_zh)::text = ''::text))))
);
ALTER TABLE public.enablement_course ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_course_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_coursepassed (
    id bigint NOT NULL,
    passed_at timestamp with time zone NOT NULL,
    course_id bigint NOT NULL,
    learner_id bigint,
    reseller_id bigint NOT NULL
);
ALTER TABLE public.enablement_coursepassed ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_coursepassed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_deskcase (
    id bigint NOT NULL,
    order_number character varying(12) NOT NULL,
    number character varying(12) NOT NULL,
    topic character varying(10) NOT NULL,
    state character varying(10) NOT NULL,
    turn character varying(10) NOT NULL,
    why character varying(6) NOT NULL,
    consent_at timestamp with time zone,
    entries jsonb NOT NULL,
    notes jsonb NOT NULL,
    due_at timestamp with time zone,
    opened_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    passed_at timestamp with time zone,
    answered_at timestamp with time zone,
    closed_at timestamp with time zone,
    cause character varying(10) NOT NULL,
    cost_minor bigint NOT NULL,
    currency character varying(3) NOT NULL,
    assignee_id bigint,
    reseller_id bigint NOT NULL,
    CONSTRAINT desk_cost_has_its_cause CHECK (((cost_minor = 0) OR ((cost_minor > 0) AND (NOT ((cause)::text = ''::text)) AND (NOT ((currency)::text = ''::text))))),
    CONSTRAINT desk_reads_nothing_before_it_is_asked CHECK (((NOT ((why)::text = ''::text)) OR (entries = '[]'::jsonb))),
    CONSTRAINT desk_turn_needs_being_asked CHECK (((NOT ((turn)::text = 'supplier'::text)) OR (NOT ((why)::text = ''::text))))
);
ALTER TABLE public.enablement_deskcase ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_deskcase_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_deskclock (
    id bigint NOT NULL,
    topic character varying(10) NOT NULL,
    shop_hours smallint NOT NULL,
    desk_hours smallint NOT NULL,
    CONSTRAINT desk_clock_within_a_month CHECK (((desk_hours >= 1) AND (desk_hours <= 720) AND (shop_hours >= 1) AND (shop_hours <= 720))),
    CONSTRAINT enablement_deskclock_desk_hours_check CHECK ((desk_hours >= 0)),
    CONSTRAINT enablement_deskclock_shop_hours_check CHECK ((shop_hours >= 0))
);
ALTER TABLE public.enablement_deskclock ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_deskclock_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_deskskill (
    id bigint NOT NULL,
    topic character varying(10) NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.enablement_deskskill ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_deskskill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_forecast (
    id bigint NOT NULL,
    reseller_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    made_on date NOT NULL,
    model character varying(8) NOT NULL,
    days smallint NOT NULL,
    sold integer NOT NULL,
    ahead double precision NOT NULL,
    expected double precision[] NOT NULL,
    low integer[] NOT NULL,
    high integer[] NOT NULL,
    sums double precision[] NOT NULL,
    error double precision,
    naive double precision,
    inside double precision,
    CONSTRAINT enablement_forecast_days_check CHECK ((days >= 0)),
    CONSTRAINT enablement_forecast_sold_check CHECK ((sold >= 0)),
    CONSTRAINT forecast_inside_is_a_part CHECK (((inside >= (0.0)::double precision) AND (inside <= (1.0)::double precision))),
    CONSTRAINT forecast_is_of_28_days CHECK ((((
CASE
    WHEN (expected IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(expected, 1), 0)
END = 28) AND (
CASE
    WHEN (high IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(high, 1), 0)
END = 28) AND (
CASE
    WHEN (low IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(low, 1), 0)
END = 28)) OR ((expected = '{}'::double precision[]) AND (high = '{}'::integer[]) AND (low = '{}'::integer[]))))
);
ALTER TABLE public.enablement_forecast ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_forecast_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_forecastrun (
    id bigint NOT NULL,
    made_on date NOT NULL,
    upto bigint NOT NULL,
    series integer NOT NULL,
    finished_at timestamp with time zone,
    shops_upto bigint NOT NULL,
    CONSTRAINT enablement_forecastrun_series_check CHECK ((series >= 0))
);
ALTER TABLE public.enablement_forecastrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_forecastrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_inspection (
    id bigint NOT NULL,
    original boolean NOT NULL,
    state character varying(8) NOT NULL,
    level character varying(3) NOT NULL,
    severity character varying(9) NOT NULL,
    lot_size integer NOT NULL,
    letter character varying(1) NOT NULL,
    aql_major numeric(6,3) NOT NULL,
    aql_minor numeric(6,3) NOT NULL,
    sample_major integer NOT NULL,
    accept_major integer NOT NULL,
    strict_major smallint NOT NULL,
    sample_minor integer NOT NULL,
    accept_minor integer NOT NULL,
    critical integer NOT NULL,
    major integer NOT NULL,
    minor integer NOT NULL,
    note character varying(500) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    inspector_id bigint,
    lot_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    vendor_id bigint,
    receipt_line_id bigint,
    serials jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT enablement_inspection_accept_major_check CHECK ((accept_major >= 0)),
    CONSTRAINT enablement_inspection_accept_minor_check CHECK ((accept_minor >= 0)),
    CONSTRAINT enablement_inspection_critical_check CHECK ((critical >= 0)),
    CONSTRAINT enablement_inspection_lot_size_check CHECK ((lot_size >= 0)),
    CONSTRAINT enablement_inspection_major_check CHECK ((major >= 0)),
    CONSTRAINT enablement_inspection_minor_check CHECK ((minor >= 0)),
    CONSTRAINT enablement_inspection_sample_major_check CHECK ((sample_major >= 0)),
    CONSTRAINT enablement_inspection_sample_minor_check CHECK ((sample_minor >= 0)),
    CONSTRAINT inspection_decided_or_due CHECK ((((decided_at IS NULL) AND ((state)::text = 'due'::text)) OR ((NOT ((state)::text = 'due'::text)) AND (decided_at IS NOT NULL)))),
    CONSTRAINT inspection_decides_by_its_numbers CHECK ((((state)::text = 'due'::text) OR ((critical = 0) AND ((state)::text = 'accepted'::text) AND (major <= accept_major) AND (minor <= accept_minor)) OR (((state)::text = 'rejected'::text) AND ((critical > 0) OR (major > accept_major) OR (minor > accept_minor))))),
    CONSTRAINT inspection_sample_within_lot CHECK (((sample_major > 0) AND (sample_major <= lot_size) AND (sample_minor <= lot_size)))
);
ALTER TABLE public.enablement_inspection ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_inspection_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_inspectionplan (
    id bigint NOT NULL,
    level character varying(3) NOT NULL,
    aql_major numeric(6,3) NOT NULL,
    aql_minor numeric(6,3) NOT NULL,
    reduced boolean NOT NULL,
    active boolean NOT NULL,
    since timestamp with time zone,
    variant_id bigint,
    vendor_id bigint
);
ALTER TABLE public.enablement_inspectionplan ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_inspectionplan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_kit (
    id bigint NOT NULL,
    title_en character varying(80) NOT NULL,
    title_zh character varying(80) NOT NULL,
    lead_en character varying(200) NOT NULL,
    lead_zh character varying(200) NOT NULL,
    story_en text NOT NULL,
    story_zh text NOT NULL,
    picture character varying(120) NOT NULL,
    slug character varying(60) NOT NULL,
    scene character varying(20) NOT NULL,
    post_en text NOT NULL,
    post_zh text NOT NULL,
    value_bps integer NOT NULL,
    share_bps integer NOT NULL,
    starts_on date,
    ends_on date,
    state character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    why_withdrawn character varying(200) NOT NULL,
    campaign_id bigint,
    early_days smallint NOT NULL,
    CONSTRAINT enablement_kit_early_days_check CHECK ((early_days >= 0)),
    CONSTRAINT enablement_kit_share_bps_check CHECK ((share_bps >= 0)),
    CONSTRAINT enablement_kit_value_bps_check CHECK ((value_bps >= 0)),
    CONSTRAINT kit_ends_after_it_starts CHECK (((starts_on IS NULL) OR (ends_on IS NULL) OR (ends_on >= starts_on))),
    CONSTRAINT kit_offer_sane CHECK (((share_bps <= 10000) AND (value_bps <= 9000))),
    CONSTRAINT kit_state_has_its_time CHECK ((((published_at IS NULL) AND ((state)::text = 'draft'::text) AND (withdrawn_at IS NULL)) OR ((published_at IS NOT NULL) AND ((state)::text = 'published'::text) AND (withdrawn_at IS NULL)) OR ((published_at IS NOT NULL) AND ((state)::text = 'withdrawn'::text) AND (withdrawn_at IS NOT NULL) AND (NOT ((why_withdrawn)::text = ''::text)))))
);
ALTER TABLE public.enablement_kit ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_kit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_kitproduct (
    id bigint NOT NULL,
    "position" smallint NOT NULL,
    kit_id bigint NOT NULL,
    product_id bigint NOT NULL,
    CONSTRAINT enablement_kitproduct_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.enablement_kitproduct ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_kitproduct_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_kituse (
    id bigint NOT NULL,
    title_en character varying(80) NOT NULL,
    title_zh character varying(80) NOT NULL,
    lead_en character varying(200) NOT NULL,
    lead_zh character varying(200) NOT NULL,
    story_en text NOT NULL,
    story_zh text NOT NULL,
    picture character varying(120) NOT NULL,
    promotion_id bigint,
    shown_from date,
    shown_to date,
    adopted_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_by character varying(8) NOT NULL,
    kit_id bigint NOT NULL,
    reseller_id bigint NOT NULL,
    CONSTRAINT kit_use_ends_after_it_starts CHECK (((shown_from IS NULL) OR (shown_to IS NULL) OR (shown_to >= shown_from))),
    CONSTRAINT kit_use_ends_by_somebody CHECK ((((ended_at IS NULL) AND ((ended_by)::text = ''::text)) OR ((ended_at IS NOT NULL) AND (NOT ((ended_by)::text = ''::text)))))
);
ALTER TABLE public.enablement_kituse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_kituse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_lesson (
    id bigint NOT NULL,
    "position" smallint NOT NULL,
    title_en character varying(80) NOT NULL,
    title_zh character varying(80) NOT NULL,
    text_en text NOT NULL,
    text_zh text NOT NULL,
    minutes smallint NOT NULL,
    course_id bigint NOT NULL,
    CONSTRAINT enablement_lesson_minutes_check CHECK ((minutes >= 0)),
    CONSTRAINT enablement_lesson_position_check CHECK (("position" >= 0)),
    CONSTRAINT lesson_is_short CHECK (((minutes >= 1) AND (minutes <= 30)))
);
ALTER TABLE public.enablement_lesson ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_lesson_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_lessondone (
    id bigint NOT NULL,
    done_at timestamp with time zone NOT NULL,
    lesson_id bigint NOT NULL,
    reseller_id bigint NOT NULL
);
ALTER TABLE public.enablement_lessondone ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_lessondone_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_lotorigin (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    lot_id bigint NOT NULL,
    receipt_line_id bigint NOT NULL,
    vendor_id bigint NOT NULL,
    CONSTRAINT enablement_lotorigin_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT lot_origin_of_something CHECK ((quantity > 0))
);
ALTER TABLE public.enablement_lotorigin ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_lotorigin_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_martstate (
    id bigint NOT NULL,
    summed_tx bigint NOT NULL,
    summed_at timestamp with time zone,
    rebuilding boolean NOT NULL,
    rebuilt_order bigint NOT NULL,
    rebuilt_refund bigint NOT NULL
);
ALTER TABLE public.enablement_martstate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_martstate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_paperfile (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    size integer NOT NULL,
    content bytea NOT NULL,
    paper_id bigint NOT NULL,
    CONSTRAINT enablement_paperfile_size_check CHECK ((size >= 0)),
    CONSTRAINT paper_file_of_some_bytes CHECK (((size > 0) AND (size <= 8388608)))
);
ALTER TABLE public.enablement_paperfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_paperfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_pastforecast (
    id bigint NOT NULL,
    day date NOT NULL,
    variant_id bigint NOT NULL,
    reseller_id bigint NOT NULL,
    expected double precision NOT NULL,
    low integer NOT NULL,
    high integer NOT NULL,
    week double precision[] NOT NULL,
    sold integer,
    CONSTRAINT past_forecast_band CHECK (((low >= 0) AND (low <= high)))
);
ALTER TABLE public.enablement_pastforecast ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_pastforecast_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_peer (
    id bigint NOT NULL,
    month date NOT NULL,
    reseller_id bigint NOT NULL,
    "group" integer NOT NULL,
    CONSTRAINT enablement_peer_group_check CHECK (("group" >= 0))
);
ALTER TABLE public.enablement_peer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_peer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_planline (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    unit_minor bigint NOT NULL,
    cost_minor bigint NOT NULL,
    reason jsonb NOT NULL,
    order_id bigint,
    variant_id bigint NOT NULL,
    vendor_id bigint,
    plan_id bigint NOT NULL,
    CONSTRAINT enablement_planline_cost_minor_check CHECK ((cost_minor >= 0)),
    CONSTRAINT enablement_planline_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT enablement_planline_unit_minor_check CHECK ((unit_minor >= 0)),
    CONSTRAINT plan_line_of_something CHECK ((quantity > 0))
);
ALTER TABLE public.enablement_planline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_planline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_planpart (
    id bigint NOT NULL,
    wanted integer NOT NULL,
    got integer NOT NULL,
    came integer NOT NULL,
    reseller_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    plan_id bigint NOT NULL,
    CONSTRAINT enablement_planpart_came_check CHECK ((came >= 0)),
    CONSTRAINT enablement_planpart_got_check CHECK ((got >= 0)),
    CONSTRAINT enablement_planpart_wanted_check CHECK ((wanted >= 0)),
    CONSTRAINT plan_part_within CHECK (((wanted > 0) AND (got <= wanted) AND (came <= got)))
);
ALTER TABLE public.enablement_planpart ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_planpart_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_planshare (
    id bigint NOT NULL,
    alone_minor bigint NOT NULL,
    share_minor bigint NOT NULL,
    credited_minor bigint,
    reseller_id bigint NOT NULL,
    plan_id bigint NOT NULL,
    CONSTRAINT enablement_planshare_alone_minor_check CHECK ((alone_minor >= 0)),
    CONSTRAINT enablement_planshare_credited_minor_check CHECK ((credited_minor >= 0)),
    CONSTRAINT enablement_planshare_share_minor_check CHECK ((share_minor >= 0)),
    CONSTRAINT plan_share_is_rational CHECK (((share_minor <= alone_minor) AND ((credited_minor IS NULL) OR (credited_minor <= share_minor))))
);
ALTER TABLE public.enablement_planshare ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_planshare_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_pricebreak (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    unit_minor bigint NOT NULL,
    offer_id bigint NOT NULL,
    CONSTRAINT enablement_pricebreak_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT enablement_pricebreak_unit_minor_check CHECK ((unit_minor >= 0)),
    CONSTRAINT price_break_from_one CHECK ((quantity >= 1))
);
ALTER TABLE public.enablement_pricebreak ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_pricebreak_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_purchasecharge (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    basis character varying(8) NOT NULL,
    amount_minor bigint NOT NULL,
    currency character varying(3) NOT NULL,
    rate numeric(14,6) NOT NULL,
    own_minor bigint NOT NULL,
    note character varying(160) NOT NULL,
    key character varying(60) NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    order_id bigint NOT NULL,
    CONSTRAINT charge_of_something CHECK (((rate > (0)::numeric) AND (((amount_minor > 0) AND (own_minor >= 0)) OR ((kind)::text = 'difference'::text))))
);
ALTER TABLE public.enablement_purchasecharge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_purchasecharge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_purchaseline (
    id bigint NOT NULL,
    code character varying(60) NOT NULL,
    quantity integer NOT NULL,
    unit_minor bigint NOT NULL,
    expected_on date,
    received integer NOT NULL,
    cancelled integer NOT NULL,
    arrival_id bigint,
    variant_id bigint NOT NULL,
    order_id bigint NOT NULL,
    CONSTRAINT enablement_purchaseline_called_off_check CHECK ((cancelled >= 0)),
    CONSTRAINT enablement_purchaseline_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT enablement_purchaseline_received_check CHECK ((received >= 0)),
    CONSTRAINT enablement_purchaseline_unit_minor_check CHECK ((unit_minor >= 0)),
    CONSTRAINT purchase_line_adds_up CHECK (((quantity > 0) AND ((cancelled = 0) OR (quantity >= (received + cancelled)))))
);
ALTER TABLE public.enablement_purchaseline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_purchaseline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_purchasenote (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    data jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    order_id bigint NOT NULL
);
ALTER TABLE public.enablement_purchasenote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_purchasenote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_purchaseorder (
    id bigint NOT NULL,
    number character varying(12) NOT NULL,
    state character varying(10) NOT NULL,
    currency character varying(3) NOT NULL,
    rate numeric(14,6) NOT NULL,
    order_fee_minor bigint NOT NULL,
    note character varying(240) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    closed_at timestamp with time zone,
    actor_id bigint,
    warehouse_id bigint NOT NULL,
    vendor_id bigint NOT NULL,
    CONSTRAINT enablement_purchaseorder_order_fee_minor_check CHECK ((order_fee_minor >= 0)),
    CONSTRAINT purchase_rate_positive CHECK ((rate > (0)::numeric))
);
ALTER TABLE public.enablement_purchaseorder ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_purchaseorder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_purchaseplan (
    id bigint NOT NULL,
    number character varying(12) NOT NULL,
    state character varying(10) NOT NULL,
    currency character varying(3) NOT NULL,
    shared_bps integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    ordered_at timestamp with time zone,
    settled_at timestamp with time zone,
    worked_at timestamp with time zone,
    tries smallint NOT NULL,
    done integer NOT NULL,
    total integer NOT NULL,
    method character varying(10) NOT NULL,
    milliseconds integer NOT NULL,
    cost_minor bigint NOT NULL,
    bound_minor bigint NOT NULL,
    gap_bps integer NOT NULL,
    alone_minor bigint NOT NULL,
    saving_minor bigint NOT NULL,
    shared_minor bigint NOT NULL,
    actor_id bigint,
    warehouse_id bigint NOT NULL,
    CONSTRAINT enablement_purchaseplan_alone_minor_check CHECK ((alone_minor >= 0)),
    CONSTRAINT enablement_purchaseplan_bound_minor_check CHECK ((bound_minor >= 0)),
    CONSTRAINT enablement_purchaseplan_cost_minor_check CHECK ((cost_minor >= 0)),
    CONSTRAINT enablement_purchaseplan_done_check CHECK ((done >= 0)),
    CONSTRAINT enablement_purchaseplan_gap_bps_check CHECK ((gap_bps >= 0)),
    CONSTRAINT enablement_purchaseplan_milliseconds_check CHECK ((milliseconds >= 0)),
    CONSTRAINT enablement_purchaseplan_saving_minor_check CHECK ((saving_minor >= 0)),
    CONSTRAINT enablement_purchaseplan_shared_bps_check CHECK ((shared_bps >= 0)),
    CONSTRAINT enablement_purchaseplan_shared_minor_check CHECK ((shared_minor >= 0)),
    CONSTRAINT enablement_purchaseplan_total_check CHECK ((total >= 0)),
    CONSTRAINT enablement_purchaseplan_tries_check CHECK ((tries >= 0)),
    CONSTRAINT plan_saves_what_is_less CHECK (((shared_minor <= saving_minor) AND (saving_minor <= alone_minor))),
    CONSTRAINT plan_shares_a_part CHECK ((shared_bps <= 10000))
);
ALTER TABLE public.enablement_purchaseplan ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_purchaseplan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_question (
    id bigint NOT NULL,
    "position" smallint NOT NULL,
    text_en character varying(240) NOT NULL,
    text_zh character varying(240) NOT NULL,
    answers jsonb NOT NULL,
    "right" smallint NOT NULL,
    why_en character varying(240) NOT NULL,
    why_zh character varying(240) NOT NULL,
    course_id bigint NOT NULL,
    CONSTRAINT enablement_question_position_check CHECK (("position" >= 0)),
    CONSTRAINT enablement_question_right_check CHECK (("right" >= 0))
);
ALTER TABLE public.enablement_question ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_question_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_quote (
    id bigint NOT NULL,
    state character varying(10) NOT NULL,
    currency character varying(3) NOT NULL,
    access integer NOT NULL,
    revision integer NOT NULL,
    lead_days smallint,
    valid_until date,
    freight_minor bigint NOT NULL,
    note character varying(600) NOT NULL,
    late boolean NOT NULL,
    opened_at timestamp with time zone,
    answered_at timestamp with time zone,
    actor_id bigint,
    vendor_id bigint NOT NULL,
    request_id bigint NOT NULL,
    CONSTRAINT enablement_quote_access_check CHECK ((access >= 0)),
    CONSTRAINT enablement_quote_freight_minor_check CHECK ((freight_minor >= 0)),
    CONSTRAINT enablement_quote_lead_days_check CHECK ((lead_days >= 0)),
    CONSTRAINT enablement_quote_revision_check CHECK ((revision >= 0)),
    CONSTRAINT quote_answered_says_when CHECK (((NOT ((state)::text = 'answered'::text)) OR ((lead_days <= 365) AND (valid_until IS NOT NULL))))
);
ALTER TABLE public.enablement_quote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_quote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_quoteitem (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    variant_id bigint NOT NULL,
    request_id bigint NOT NULL,
    CONSTRAINT enablement_quoteitem_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT quote_item_of_something CHECK ((quantity > 0))
);
ALTER TABLE public.enablement_quoteitem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_quoteitem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_quoteline (
    id bigint NOT NULL,
    minimum integer NOT NULL,
    pack integer NOT NULL,
    steps jsonb NOT NULL,
    awarded_at timestamp with time zone,
    item_id bigint NOT NULL,
    order_id bigint,
    quote_id bigint NOT NULL,
    CONSTRAINT enablement_quoteline_minimum_check CHECK ((minimum >= 0)),
    CONSTRAINT enablement_quoteline_pack_check CHECK ((pack >= 0)),
    CONSTRAINT quote_line_of_something CHECK (((minimum >= 1) AND (pack >= 1)))
);
ALTER TABLE public.enablement_quoteline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_quoteline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_quotenote (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    data jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    quote_id bigint,
    request_id bigint NOT NULL
);
ALTER TABLE public.enablement_quotenote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_quotenote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_quoterequest (
    id bigint NOT NULL,
    number character varying(12) NOT NULL,
    state character varying(10) NOT NULL,
    note character varying(600) NOT NULL,
    answer_by timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    actor_id bigint,
    warehouse_id bigint NOT NULL
);
ALTER TABLE public.enablement_quoterequest ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_quoterequest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_recall (
    id bigint NOT NULL,
    number character varying(12) NOT NULL,
    state character varying(8) NOT NULL,
    remedy character varying(8) NOT NULL,
    reason_en character varying(300) NOT NULL,
    reason_zh character varying(300) NOT NULL,
    advice_en character varying(300) NOT NULL,
    advice_zh character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    done_at timestamp with time zone,
    actor_id bigint
);
ALTER TABLE public.enablement_recall ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_recall_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_recall_lots (
    id bigint NOT NULL,
    recall_id bigint NOT NULL,
    lot_id bigint NOT NULL
);
ALTER TABLE public.enablement_recall_lots ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_recall_lots_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_recallorder (
    id bigint NOT NULL,
    order_number character varying(12) NOT NULL,
    lines jsonb NOT NULL,
    state character varying(8) NOT NULL,
    return_number character varying(16) NOT NULL,
    told_at timestamp with time zone,
    recall_id bigint NOT NULL,
    reseller_id bigint NOT NULL
);
ALTER TABLE public.enablement_recallorder ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_recallorder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_receipt (
    id bigint NOT NULL,
    key character varying(40) NOT NULL,
    slip character varying(80) NOT NULL,
    difference character varying(160) NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    order_id bigint NOT NULL
);
ALTER TABLE public.enablement_receipt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_receipt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_receiptline (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    unit_minor bigint NOT NULL,
    cost_minor numeric(20,4) NOT NULL,
    on_hand integer NOT NULL,
    average_minor numeric(20,4) NOT NULL,
    line_id bigint NOT NULL,
    receipt_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    booked_minor bigint,
    CONSTRAINT enablement_receiptline_booked_minor_check CHECK ((booked_minor >= 0)),
    CONSTRAINT enablement_receiptline_on_hand_check CHECK ((on_hand >= 0)),
    CONSTRAINT enablement_receiptline_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT enablement_receiptline_unit_minor_check CHECK ((unit_minor >= 0)),
    CONSTRAINT receipt_line_of_something CHECK ((quantity > 0))
);
ALTER TABLE public.enablement_receiptline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_receiptline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_resellertier (
    id bigint NOT NULL,
    tier character varying(10) NOT NULL,
    since timestamp with time zone NOT NULL,
    by_course_id bigint NOT NULL,
    reseller_id bigint NOT NULL
);
ALTER TABLE public.enablement_resellertier ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_resellertier_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_review (
    id bigint NOT NULL,
    order_number character varying(12) NOT NULL,
    stars smallint NOT NULL,
    text character varying(1000) NOT NULL,
    name character varying(40) NOT NULL,
    language character varying(10) NOT NULL,
    state character varying(8) NOT NULL,
    reason character varying(160) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    moderator_id bigint,
    product_id bigint NOT NULL,
    reseller_id bigint NOT NULL,
    CONSTRAINT enablement_review_stars_check CHECK ((stars >= 0)),
    CONSTRAINT review_stars CHECK (((stars >= 1) AND (stars <= 5)))
);
ALTER TABLE public.enablement_review ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_review_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_rounditem (
    id bigint NOT NULL,
    round_id bigint NOT NULL,
    variant_id bigint NOT NULL
);
ALTER TABLE public.enablement_rounditem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_rounditem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_salesfact (
    day date NOT NULL,
    cause character varying(120) NOT NULL,
    line_id bigint NOT NULL,
    kind character varying(8) NOT NULL,
    reseller_id bigint NOT NULL,
    order_number character varying(12) NOT NULL,
    variant_id bigint,
    product_id bigint,
    category_id bigint,
    currency character varying(3) NOT NULL,
    pieces bigint NOT NULL,
    sales_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    wholesale_minor bigint NOT NULL,
    margin_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    shipping_minor bigint NOT NULL,
    funded_minor bigint NOT NULL,
    paid_minor bigint NOT NULL,
    tx bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT sales_fact_split_is_all CHECK ((paid_minor = (((((wholesale_minor + margin_minor) + fee_minor) + tax_minor) + shipping_minor) - funded_minor)))
)
PARTITION BY RANGE (day);
CREATE TABLE public.enablement_salessum (
    id bigint NOT NULL,
    pieces bigint NOT NULL,
    sales_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    wholesale_minor bigint NOT NULL,
    margin_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    shipping_minor bigint NOT NULL,
    funded_minor bigint NOT NULL,
    paid_minor bigint NOT NULL,
    grain character varying(8) NOT NULL,
    day date NOT NULL,
    currency character varying(3) NOT NULL,
    thing_id bigint NOT NULL,
    orders bigint NOT NULL,
    refunds bigint NOT NULL,
    back_pieces bigint NOT NULL,
    back_minor bigint NOT NULL
);
ALTER TABLE public.enablement_salessum ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_salessum_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_salesweek (
    id bigint NOT NULL,
    pieces bigint NOT NULL,
    sales_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    wholesale_minor bigint NOT NULL,
    margin_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    shipping_minor bigint NOT NULL,
    funded_minor bigint NOT NULL,
    paid_minor bigint NOT NULL,
    grain character varying(8) NOT NULL,
    day date NOT NULL,
    currency character varying(3) NOT NULL,
    thing_id bigint NOT NULL,
    orders bigint NOT NULL,
    refunds bigint NOT NULL,
    back_pieces bigint NOT NULL,
    back_minor bigint NOT NULL,
    CONSTRAINT sales_week_begins_on_monday CHECK ((EXTRACT(isodow FROM day) = (1)::numeric))
);
ALTER TABLE public.enablement_salesweek ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_salesweek_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_servicebooking (
    id bigint NOT NULL,
    order_number character varying(12) NOT NULL,
    line_id bigint NOT NULL,
    state character varying(10) NOT NULL,
    pieces integer NOT NULL,
    currency character varying(3) NOT NULL,
    cost_minor bigint NOT NULL,
    country character varying(2) NOT NULL,
    postcode character varying(12) NOT NULL,
    "on" date NOT NULL,
    part smallint NOT NULL,
    moved smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    booked_at timestamp with time zone,
    refunded_at timestamp with time zone,
    product_id bigint NOT NULL,
    provider_id bigint,
    reseller_id bigint NOT NULL,
    task_id bigint,
    option_id bigint NOT NULL,
    CONSTRAINT enablement_servicebooking_moved_check CHECK ((moved >= 0)),
    CONSTRAINT enablement_servicebooking_pieces_check CHECK ((pieces >= 0)),
    CONSTRAINT service_booking_cost CHECK (((cost_minor > 0) AND (pieces > 0))),
    CONSTRAINT service_booking_held_keeps_a_place CHECK (((NOT ((state)::text = 'held'::text)) OR (provider_id IS NOT NULL))),
    CONSTRAINT service_booking_keeps_a_place_while_it_lives CHECK (((provider_id IS NULL) OR ((state)::text = ANY (ARRAY[('held'::character varying)::text, ('placed'::character varying)::text])))),
    CONSTRAINT service_booking_task_is_paid_for CHECK (((task_id IS NULL) OR (booked_at IS NOT NULL)))
);
ALTER TABLE public.enablement_servicebooking ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_servicebooking_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_serviceoffer (
    id bigint NOT NULL,
    state character varying(10) NOT NULL,
    price_minor bigint NOT NULL,
    "on" date NOT NULL,
    at_part smallint NOT NULL,
    reason jsonb NOT NULL,
    note character varying(200) NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    provider_id bigint NOT NULL,
    task_id bigint NOT NULL,
    CONSTRAINT enablement_serviceoffer_price_minor_check CHECK ((price_minor >= 0))
);
ALTER TABLE public.enablement_serviceoffer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_serviceoffer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_serviceoption (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    name_en character varying(80) NOT NULL,
    name_zh character varying(80) NOT NULL,
    text_en character varying(240) NOT NULL,
    text_zh character varying(240) NOT NULL,
    currency character varying(3) NOT NULL,
    price_minor bigint NOT NULL,
    cost_minor bigint NOT NULL,
    most_pieces smallint NOT NULL,
    active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    category_id bigint,
    product_id bigint,
    CONSTRAINT enablement_serviceoption_most_pieces_check CHECK ((most_pieces >= 0)),
    CONSTRAINT service_option_goes_with_something CHECK ((((category_id IS NOT NULL) AND (product_id IS NULL)) OR ((category_id IS NULL) AND (product_id IS NOT NULL)))),
    CONSTRAINT service_option_pieces CHECK (((most_pieces >= 1) AND (most_pieces <= 99))),
    CONSTRAINT service_option_prices CHECK (((cost_minor > 0) AND (price_minor >= cost_minor)))
);
ALTER TABLE public.enablement_serviceoption ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_serviceoption_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_serviceoptout (
    id bigint NOT NULL,
    option_id bigint NOT NULL,
    reseller_id bigint NOT NULL
);
ALTER TABLE public.enablement_serviceoptout ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_serviceoptout_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_serviceprovider (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    contact character varying(80) NOT NULL,
    email character varying(254) NOT NULL,
    phone character varying(40) NOT NULL,
    country character varying(2) NOT NULL,
    place character varying(80) NOT NULL,
    base character varying(12) NOT NULL,
    areas character varying(12)[] NOT NULL,
    hours smallint[] NOT NULL,
    capacity smallint NOT NULL,
    currency character varying(3) NOT NULL,
    language character varying(10) NOT NULL,
    about character varying(600) NOT NULL,
    bank jsonb NOT NULL,
    state character varying(10) NOT NULL,
    state_reason character varying(200) NOT NULL,
    access integer NOT NULL,
    vetted_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    vetted_by_id bigint,
    CONSTRAINT enablement_serviceprovider_access_check CHECK ((access >= 0)),
    CONSTRAINT enablement_serviceprovider_capacity_check CHECK ((capacity >= 0)),
    CONSTRAINT provider_capacity CHECK (((capacity >= 1) AND (capacity <= 200))),
    CONSTRAINT provider_vetted_by_somebody CHECK ((((state)::text = ANY (ARRAY[('applied'::character varying)::text, ('refused'::character varying)::text])) OR (vetted_at IS NOT NULL)))
);
ALTER TABLE public.enablement_serviceprovider ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_serviceprovider_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_servicerate (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    price_minor bigint NOT NULL,
    provider_id bigint NOT NULL,
    CONSTRAINT enablement_servicerate_price_minor_check CHECK ((price_minor >= 0)),
    CONSTRAINT service_rate_positive CHECK ((price_minor > 0))
);
ALTER TABLE public.enablement_servicerate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_servicerate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_servicestatement (
    id bigint NOT NULL,
    number character varying(20) NOT NULL,
    batch character varying(20) NOT NULL,
    currency character varying(3) NOT NULL,
    total_minor bigint NOT NULL,
    bank jsonb NOT NULL,
    state character varying(8) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    paid_at timestamp with time zone,
    actor_id bigint,
    provider_id bigint NOT NULL,
    CONSTRAINT enablement_servicestatement_total_minor_check CHECK ((total_minor >= 0)),
    CONSTRAINT service_statement_positive CHECK ((total_minor > 0))
);
ALTER TABLE public.enablement_servicestatement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_servicestatement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_servicetask (
    id bigint NOT NULL,
    number character varying(12) NOT NULL,
    kind character varying(10) NOT NULL,
    state character varying(10) NOT NULL,
    order_number character varying(12) NOT NULL,
    brief character varying(1000) NOT NULL,
    contact character varying(120) NOT NULL,
    address character varying(240) NOT NULL,
    country character varying(2) NOT NULL,
    postcode character varying(12) NOT NULL,
    day date NOT NULL,
    latest date NOT NULL,
    part smallint,
    currency character varying(3) NOT NULL,
    budget_minor bigint NOT NULL,
    price_minor bigint,
    "on" date,
    at_part smallint,
    reason jsonb NOT NULL,
    fixed boolean NOT NULL,
    proof character varying(600) NOT NULL,
    photos jsonb NOT NULL,
    sent_back smallint NOT NULL,
    answer character varying(300) NOT NULL,
    complaint character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    done_at timestamp with time zone,
    ended_at timestamp with time zone,
    actor_id bigint,
    product_id bigint,
    provider_id bigint,
    reseller_id bigint,
    statement_id bigint,
    sold_by_id bigint,
    CONSTRAINT enablement_servicetask_budget_minor_check CHECK ((budget_minor >= 0)),
    CONSTRAINT enablement_servicetask_price_minor_check CHECK ((price_minor >= 0)),
    CONSTRAINT enablement_servicetask_sent_back_check CHECK ((sent_back >= 0)),
    CONSTRAINT service_task_budget CHECK ((budget_minor > 0)),
    CONSTRAINT service_task_days CHECK ((latest >= day)),
    CONSTRAINT service_task_has_somebody CHECK ((((state)::text = ANY (ARRAY[('open'::character varying)::text, ('cancelled'::character varying)::text])) OR ((at_part IS NOT NULL) AND ("on" IS NOT NULL) AND (price_minor > 0) AND (provider_id IS NOT NULL)))),
    CONSTRAINT service_task_on_statement_when_approved CHECK (((statement_id IS NULL) OR ((state)::text = ANY (ARRAY[('approved'::character varying)::text, ('paid'::character varying)::text])))),
    CONSTRAINT service_task_paid_by_statement CHECK (((NOT ((state)::text = 'paid'::text)) OR (statement_id IS NOT NULL))),
    CONSTRAINT service_task_proved CHECK (((NOT ((state)::text = ANY (ARRAY[('done'::character varying)::text, ('approved'::character varying)::text, ('paid'::character varying)::text]))) OR (NOT ((proof)::text = ''::text)) OR (NOT (photos = '[]'::jsonb)))),
    CONSTRAINT service_task_within_budget CHECK (((price_minor IS NULL) OR (price_minor <= budget_minor)))
);
ALTER TABLE public.enablement_servicetask ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_servicetask_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_shopscore (
    id bigint NOT NULL,
    score smallint,
    parts jsonb NOT NULL,
    made_on date NOT NULL,
    reseller_id bigint NOT NULL,
    CONSTRAINT enablement_shopscore_score_check CHECK ((score >= 0)),
    CONSTRAINT score_up_to_100 CHECK (((score IS NULL) OR (score <= 100)))
);
ALTER TABLE public.enablement_shopscore ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_shopscore_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_variantcost (
    id bigint NOT NULL,
    currency character varying(3) NOT NULL,
    average_minor numeric(20,4) NOT NULL,
    last_minor numeric(20,4) NOT NULL,
    received_at timestamp with time zone NOT NULL,
    variant_id bigint NOT NULL,
    CONSTRAINT cost_not_negative CHECK ((average_minor >= (0)::numeric))
);
ALTER TABLE public.enablement_variantcost ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_variantcost_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_vendor (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    contact character varying(80) NOT NULL,
    email character varying(254) NOT NULL,
    phone character varying(40) NOT NULL,
    address character varying(240) NOT NULL,
    country character varying(2) NOT NULL,
    language character varying(10) NOT NULL,
    currency character varying(3) NOT NULL,
    rate numeric(14,6) NOT NULL,
    lead_days smallint NOT NULL,
    order_fee_minor bigint NOT NULL,
    minimum_minor bigint NOT NULL,
    active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    bank jsonb NOT NULL,
    CONSTRAINT enablement_vendor_lead_days_check CHECK ((lead_days >= 0)),
    CONSTRAINT enablement_vendor_minimum_minor_check CHECK ((minimum_minor >= 0)),
    CONSTRAINT enablement_vendor_order_fee_minor_check CHECK ((order_fee_minor >= 0)),
    CONSTRAINT vendor_lead_within_a_year CHECK ((lead_days <= 365)),
    CONSTRAINT vendor_rate_positive CHECK ((rate > (0)::numeric))
);
ALTER TABLE public.enablement_vendor ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_vendor_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_vendorbill (
    id bigint NOT NULL,
    number character varying(40) NOT NULL,
    state character varying(10) NOT NULL,
    currency character varying(3) NOT NULL,
    rate numeric(14,6) NOT NULL,
    billed_on date NOT NULL,
    due_on date NOT NULL,
    total_minor bigint NOT NULL,
    payable_minor bigint,
    reason character varying(160) NOT NULL,
    destination jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    approved_at timestamp with time zone,
    paid_at timestamp with time zone,
    approved_by_id bigint,
    entered_by_id bigint,
    order_id bigint NOT NULL,
    vendor_id bigint NOT NULL,
    payment_id bigint,
    CONSTRAINT enablement_vendorbill_payable_minor_check CHECK ((payable_minor >= 0)),
    CONSTRAINT enablement_vendorbill_total_minor_check CHECK ((total_minor >= 0)),
    CONSTRAINT vendor_bill_approved_says_how_much CHECK ((((state)::text = ANY (ARRAY[('held'::character varying)::text, ('refused'::character varying)::text])) OR ((approved_at IS NOT NULL) AND (payable_minor IS NOT NULL)))),
    CONSTRAINT vendor_bill_owes_at_most_itself CHECK (((payable_minor IS NULL) OR (payable_minor <= total_minor))),
    CONSTRAINT vendor_bill_rate_positive CHECK ((rate > (0)::numeric))
);
ALTER TABLE public.enablement_vendorbill ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_vendorbill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_vendoroffer (
    id bigint NOT NULL,
    code character varying(60) NOT NULL,
    minimum integer NOT NULL,
    pack integer NOT NULL,
    weekly integer,
    changed_at timestamp with time zone NOT NULL,
    variant_id bigint NOT NULL,
    vendor_id bigint NOT NULL,
    lead_days smallint,
    valid_until date,
    CONSTRAINT enablement_vendoroffer_lead_days_check CHECK ((lead_days >= 0)),
    CONSTRAINT enablement_vendoroffer_minimum_check CHECK ((minimum >= 0)),
    CONSTRAINT enablement_vendoroffer_pack_check CHECK ((pack >= 0)),
    CONSTRAINT enablement_vendoroffer_weekly_check CHECK ((weekly >= 0)),
    CONSTRAINT vendor_offer_of_something CHECK (((minimum >= 1) AND (pack >= 1) AND ((weekly IS NULL) OR (weekly >= 1))))
);
ALTER TABLE public.enablement_vendoroffer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_vendoroffer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_vendorpaper (
    id bigint NOT NULL,
    kind character varying(12) NOT NULL,
    name character varying(120) NOT NULL,
    valid_until date,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    vendor_id bigint NOT NULL
);
ALTER TABLE public.enablement_vendorpaper ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_vendorpaper_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_vendorpayment (
    id bigint NOT NULL,
    number character varying(20) NOT NULL,
    currency character varying(3) NOT NULL,
    total_minor bigint NOT NULL,
    count integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    made_by_id bigint NOT NULL
);
ALTER TABLE public.enablement_vendorpayment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_vendorpayment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_vetting (
    id bigint NOT NULL,
    state character varying(8) NOT NULL,
    reason character varying(240) NOT NULL,
    origin_en character varying(120) NOT NULL,
    origin_zh character varying(120) NOT NULL,
    published boolean NOT NULL,
    decided_at timestamp with time zone,
    actor_id bigint,
    vendor_id bigint NOT NULL
);
ALTER TABLE public.enablement_vetting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_vetting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enablement_visitbatch (
    key uuid NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.enablement_visits (
    id bigint NOT NULL,
    day date NOT NULL,
    reseller_id bigint NOT NULL,
    kind character varying(7) NOT NULL,
    thing_id bigint NOT NULL,
    count bigint NOT NULL,
    CONSTRAINT visits_are_some CHECK ((count > 0)),
    CONSTRAINT visits_of_a_thing CHECK (((((kind)::text = 'shop'::text) AND (thing_id = 0)) OR ((NOT ((kind)::text = 'shop'::text)) AND (thing_id > 0))))
);
ALTER TABLE public.enablement_visits ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enablement_visits_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.jobs_job (
    id bigint NOT NULL,
    token character varying(26) NOT NULL,
    kind character varying(40) NOT NULL,
    key character varying(40) NOT NULL,
    query character varying(2000) NOT NULL,
    params jsonb NOT NULL,
    state character varying(10) NOT NULL,
    gathered_to bigint NOT NULL,
    gathered boolean NOT NULL,
    total integer NOT NULL,
    done integer NOT NULL,
    same integer NOT NULL,
    failed integer NOT NULL,
    stopped_because character varying(200) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    heartbeat_at timestamp with time zone,
    finished_at timestamp with time zone,
    actor_id bigint NOT NULL,
    reseller_id bigint,
    undoes_id bigint,
    CONSTRAINT job_counts CHECK ((total >= ((done + same) + failed)))
);
ALTER TABLE public.jobs_job ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.jobs_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.jobs_jobrow (
    id bigint NOT NULL,
    row_id bigint NOT NULL,
    name character varying(160) NOT NULL,
    state character varying(8) NOT NULL,
    reason character varying(300) NOT NULL,
    kept jsonb,
    job_id bigint NOT NULL
);
ALTER TABLE public.jobs_jobrow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.jobs_jobrow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);
ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.outbox_jobrun (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    begun_at timestamp with time zone,
    ended_at timestamp with time zone,
    answered_at timestamp with time zone,
    next_at timestamp with time zone,
    failures integer NOT NULL,
    error character varying(300) NOT NULL,
    "position" bigint NOT NULL,
    found jsonb NOT NULL,
    CONSTRAINT outbox_jobrun_failures_check CHECK ((failures >= 0))
);
ALTER TABLE public.outbox_jobrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.outbox_jobrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.outbox_outboxevent (
    id bigint NOT NULL,
    topic character varying(40) NOT NULL,
    key character varying(64) NOT NULL,
    reseller_id bigint NOT NULL,
    payload jsonb NOT NULL,
    state character varying(8) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    next_at timestamp with time zone NOT NULL,
    tries smallint NOT NULL,
    done_at timestamp with time zone,
    error text NOT NULL,
    skip_reason character varying(200) NOT NULL,
    acted text DEFAULT ''::text NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', vacuum_index_cleanup='on', autovacuum_analyze_scale_factor='0.01');
ALTER TABLE public.outbox_outboxevent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.outbox_outboxevent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.outbox_webhookreceipt (
    id bigint NOT NULL,
    provider character varying(20) NOT NULL,
    event_id character varying(120) NOT NULL,
    kind character varying(80) NOT NULL,
    payload jsonb NOT NULL,
    received_at timestamp with time zone NOT NULL
);
ALTER TABLE public.outbox_webhookreceipt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.outbox_webhookreceipt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_account (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    currency character varying(3) NOT NULL,
    reseller_id bigint
);
ALTER TABLE public.supplier_account ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_accountsum (
    id bigint NOT NULL,
    debit_minor bigint NOT NULL,
    credit_minor bigint NOT NULL,
    account_id bigint NOT NULL,
    seal_id bigint NOT NULL
);
ALTER TABLE public.supplier_accountsum ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_accountsum_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_arrival (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    received integer NOT NULL,
    arrives_on date NOT NULL,
    reference character varying(160) NOT NULL,
    state character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    actor_id bigint,
    variant_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    source character varying(40) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT arrival_of_something CHECK ((quantity > 0)),
    CONSTRAINT supplier_arrival_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT supplier_arrival_received_check CHECK ((received >= 0))
);
ALTER TABLE public.supplier_arrival ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_arrival_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_bankfile (
    id bigint NOT NULL,
    number character varying(20) NOT NULL,
    currency character varying(3) NOT NULL,
    total_minor bigint NOT NULL,
    count integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    made_by_id bigint
);
ALTER TABLE public.supplier_bankfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_bankfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_bankrefund (
    id bigint NOT NULL,
    refund_id bigint NOT NULL,
    state character varying(6) NOT NULL,
    amount_minor bigint NOT NULL,
    reference character varying(80) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    paid_at timestamp with time zone,
    actor_id bigint,
    order_id bigint NOT NULL,
    account jsonb NOT NULL,
    account_at timestamp with time zone,
    file_id bigint,
    returned character varying(160) NOT NULL,
    CONSTRAINT bank_refund_positive CHECK ((amount_minor > 0)),
    CONSTRAINT bank_refund_sent_in_a_file CHECK (((NOT ((state)::text = 'sent'::text)) OR (file_id IS NOT NULL)))
);
ALTER TABLE public.supplier_bankrefund ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_bankrefund_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_bundle (
    variant_id bigint NOT NULL,
    fixed_at timestamp with time zone
);
CREATE TABLE public.supplier_bundlepart (
    id bigint NOT NULL,
    pieces smallint NOT NULL,
    bundle_id bigint NOT NULL,
    component_id bigint NOT NULL,
    CONSTRAINT bundle_part_is_another CHECK (((pieces >= 1) AND (NOT (bundle_id = component_id)))),
    CONSTRAINT supplier_bundlepart_pieces_check CHECK ((pieces >= 0))
);
ALTER TABLE public.supplier_bundlepart ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_bundlepart_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_campaign (
    id bigint NOT NULL,
    name_en character varying(80) NOT NULL,
    name_zh character varying(80) NOT NULL,
    value_bps integer NOT NULL,
    share_bps integer NOT NULL,
    categories jsonb NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    products jsonb NOT NULL,
    CONSTRAINT campaign_in_bounds CHECK (((share_bps <= 10000) AND (value_bps > 0) AND (value_bps <= 10000))),
    CONSTRAINT supplier_campaign_share_bps_check CHECK ((share_bps >= 0)),
    CONSTRAINT supplier_campaign_value_bps_check CHECK ((value_bps >= 0))
);
ALTER TABLE public.supplier_campaign ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_campaign_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE SEQUENCE public.supplier_catalogue_version
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.supplier_category (
    id bigint NOT NULL,
    path character varying(255) NOT NULL,
    depth integer NOT NULL,
    numchild integer NOT NULL,
    slug character varying(80) NOT NULL,
    name_en character varying(80) NOT NULL,
    name_zh character varying(80) NOT NULL,
    plate character varying(30) NOT NULL,
    warranty_months smallint,
    CONSTRAINT category_warranty_in_reason CHECK ((warranty_months <= 240)),
    CONSTRAINT supplier_category_depth_check CHECK ((depth >= 0)),
    CONSTRAINT supplier_category_numchild_check CHECK ((numchild >= 0)),
    CONSTRAINT supplier_category_warranty_months_check CHECK ((warranty_months >= 0))
);
ALTER TABLE public.supplier_category ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_category_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_clawback (
    id bigint NOT NULL,
    amount_minor bigint NOT NULL,
    state character varying(10) NOT NULL,
    key character varying(60) NOT NULL,
    attempt smallint NOT NULL,
    provider_id character varying(60) NOT NULL,
    reason character varying(40) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    actor_id bigint,
    payout_id bigint NOT NULL,
    cause character varying(80) NOT NULL,
    CONSTRAINT clawback_positive CHECK ((amount_minor > 0)),
    CONSTRAINT supplier_clawback_attempt_check CHECK ((attempt >= 0))
);
ALTER TABLE public.supplier_clawback ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_clawback_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_company (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    tagline_en character varying(160) NOT NULL,
    tagline_zh character varying(160) NOT NULL,
    currency character varying(3) NOT NULL,
    email character varying(254) NOT NULL,
    demo boolean NOT NULL,
    CONSTRAINT company_is_one CHECK ((id = 1))
);
ALTER TABLE public.supplier_company ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_company_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_dailyseal (
    id bigint NOT NULL,
    "on" date NOT NULL,
    up_to bigint NOT NULL,
    journals bigint NOT NULL,
    digest character varying(64) NOT NULL,
    sealed_at timestamp with time zone NOT NULL
);
ALTER TABLE public.supplier_dailyseal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_dailyseal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_dispute (
    id bigint NOT NULL,
    provider_id character varying(80) NOT NULL,
    order_number character varying(12) NOT NULL,
    state character varying(24) NOT NULL,
    reason character varying(60) NOT NULL,
    currency character varying(3) NOT NULL,
    amount_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    taken_minor bigint NOT NULL,
    bearer character varying(8) NOT NULL,
    payment_intent character varying(80) NOT NULL,
    evidence jsonb NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    answered_at timestamp with time zone,
    closed_at timestamp with time zone,
    reseller_id bigint NOT NULL,
    bearer_reason character varying(300) NOT NULL,
    unused boolean DEFAULT false NOT NULL,
    stake_minor bigint,
    CONSTRAINT dispute_of_unused_is_borne_by_s CHECK (((NOT unused) OR ((bearer)::text = 'supplier'::text))),
    CONSTRAINT dispute_positive CHECK ((amount_minor > 0)),
    CONSTRAINT dispute_stake_of_unused CHECK (((stake_minor IS NULL) OR ((stake_minor >= 0) AND (stake_minor <= amount_minor) AND unused)))
);
ALTER TABLE public.supplier_dispute ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_dispute_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_erasedfile (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    erased_at timestamp with time zone NOT NULL
);
ALTER TABLE public.supplier_erasedfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_erasedfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_fulfilmentline (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    picked integer NOT NULL,
    shipped integer NOT NULL,
    cancelled integer NOT NULL,
    fulfilment_id bigint NOT NULL,
    line_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    waiting integer NOT NULL,
    lead boolean DEFAULT true NOT NULL,
    per smallint DEFAULT 1 NOT NULL,
    bundle_id bigint,
    sold_id bigint GENERATED ALWAYS AS (COALESCE(bundle_id, variant_id)) STORED,
    returned integer DEFAULT 0 NOT NULL,
    CONSTRAINT fulfilment_line_adds_up CHECK (((quantity >= (shipped + cancelled)) AND (quantity >= picked))),
    CONSTRAINT fulfilment_line_returned_within CHECK ((returned <= shipped)),
    CONSTRAINT fulfilment_line_waits_within CHECK ((quantity >= ((shipped + cancelled) + waiting))),
    CONSTRAINT supplier_fulfilmentline_cancelled_check CHECK ((cancelled >= 0)),
    CONSTRAINT supplier_fulfilmentline_per_check CHECK ((per >= 0)),
    CONSTRAINT supplier_fulfilmentline_picked_check CHECK ((picked >= 0)),
    CONSTRAINT supplier_fulfilmentline_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT supplier_fulfilmentline_returned_check CHECK ((returned >= 0)),
    CONSTRAINT supplier_fulfilmentline_shipped_check CHECK ((shipped >= 0)),
    CONSTRAINT supplier_fulfilmentline_waiting_check CHECK ((waiting >= 0))
);
ALTER TABLE public.supplier_fulfilmentline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_fulfilmentline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_fulfilmentorder (
    id bigint NOT NULL,
    number character varying(12) NOT NULL,
    state character varying(12) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    picking_at timestamp with time zone,
    packed_at timestamp with time zone,
    shipped_at timestamp with time zone,
    assignee_id bigint,
    order_id bigint NOT NULL,
    warehouse_id bigint NOT NULL
);
ALTER TABLE public.supplier_fulfilmentorder ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_fulfilmentorder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_importjob (
    id bigint NOT NULL,
    token character varying(26) NOT NULL,
    file_name character varying(160) NOT NULL,
    file_path character varying(200) NOT NULL,
    columns jsonb NOT NULL,
    mapping jsonb NOT NULL,
    state character varying(10) NOT NULL,
    total_rows integer NOT NULL,
    done_rows integer NOT NULL,
    error text NOT NULL,
    heartbeat_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    created_by_id bigint,
    CONSTRAINT supplier_importjob_done_rows_check CHECK ((done_rows >= 0)),
    CONSTRAINT supplier_importjob_total_rows_check CHECK ((total_rows >= 0))
);
ALTER TABLE public.supplier_importjob ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_importjob_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_importrow (
    id bigint NOT NULL,
    number integer NOT NULL,
    data jsonb NOT NULL,
    state character varying(10) NOT NULL,
    action character varying(10) NOT NULL,
    errors jsonb NOT NULL,
    before jsonb,
    after jsonb,
    variant_id bigint,
    job_id bigint NOT NULL,
    CONSTRAINT supplier_importrow_number_check CHECK ((number >= 0))
);
ALTER TABLE public.supplier_importrow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_importrow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_invoice (
    id bigint NOT NULL,
    number character varying(20) NOT NULL,
    kind character varying(12) NOT NULL,
    currency character varying(3) NOT NULL,
    net_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    gross_minor bigint NOT NULL,
    document jsonb NOT NULL,
    digest character varying(64) NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    reseller_id bigint NOT NULL,
    settlement_id bigint NOT NULL,
    CONSTRAINT invoice_adds_up CHECK ((gross_minor = (net_minor + tax_minor)))
);
ALTER TABLE public.supplier_invoice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_invoice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_journal (
    id bigint NOT NULL,
    key character varying(120) NOT NULL,
    digest character varying(64) NOT NULL,
    kind character varying(30) NOT NULL,
    order_number character varying(12) NOT NULL,
    at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reseller_id bigint,
    reverses_id bigint
);
ALTER TABLE public.supplier_journal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_journal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_lot (
    id bigint NOT NULL,
    code character varying(40) NOT NULL,
    serial boolean NOT NULL,
    state character varying(8) NOT NULL,
    made_on date,
    expires_on date,
    source character varying(80) NOT NULL,
    held_reason character varying(160) NOT NULL,
    held_at timestamp with time zone,
    received_at timestamp with time zone NOT NULL,
    variant_id bigint NOT NULL,
    CONSTRAINT lot_has_a_code CHECK ((NOT ((code)::text = ''::text)))
);
ALTER TABLE public.supplier_lot ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_lot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_lotmovement (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    kind character varying(10) NOT NULL,
    cause character varying(80) NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    lot_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    CONSTRAINT lot_movement_moves CHECK ((NOT (quantity = 0)))
);
ALTER TABLE public.supplier_lotmovement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_lotmovement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_lotpick (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    line_id bigint NOT NULL,
    lot_id bigint NOT NULL,
    shipment_id bigint,
    order_id bigint,
    order_number character varying(12) NOT NULL,
    parcel character varying(12) NOT NULL,
    reseller_id bigint,
    sent_at timestamp with time zone,
    serial boolean DEFAULT false NOT NULL,
    CONSTRAINT lot_pick_of_one_piece CHECK (((NOT serial) OR (quantity = 1))),
    CONSTRAINT lot_pick_of_something CHECK ((quantity > 0)),
    CONSTRAINT lot_pick_sent_for_an_order CHECK ((((order_id IS NULL) AND (reseller_id IS NULL) AND (sent_at IS NULL) AND (shipment_id IS NULL)) OR ((order_id IS NOT NULL) AND (reseller_id IS NOT NULL) AND (sent_at IS NOT NULL) AND (shipment_id IS NOT NULL)))),
    CONSTRAINT supplier_lotpick_quantity_check CHECK ((quantity >= 0))
);
ALTER TABLE public.supplier_lotpick ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_lotpick_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_lotstock (
    id bigint NOT NULL,
    pieces integer NOT NULL,
    aside integer NOT NULL,
    lot_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    CONSTRAINT lot_stock_adds_up CHECK (((aside >= 0) AND (aside <= pieces) AND (pieces >= 0)))
);
ALTER TABLE public.supplier_lotstock ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_lotstock_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_media (
    id bigint NOT NULL,
    file character varying(200) NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    alt_en character varying(160) NOT NULL,
    alt_zh character varying(160) NOT NULL,
    "position" smallint NOT NULL,
    product_id bigint NOT NULL,
    variant_id bigint,
    CONSTRAINT supplier_media_height_check CHECK ((height >= 0)),
    CONSTRAINT supplier_media_position_check CHECK (("position" >= 0)),
    CONSTRAINT supplier_media_width_check CHECK ((width >= 0))
);
ALTER TABLE public.supplier_media ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_media_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_movement (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    kind character varying(10) NOT NULL,
    reason character varying(160) NOT NULL,
    cause character varying(80) NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    variant_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    damaged boolean DEFAULT false NOT NULL,
    quarantined boolean DEFAULT false NOT NULL,
    CONSTRAINT movement_moves CHECK ((NOT (quantity = 0)))
);
ALTER TABLE public.supplier_movement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_movement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_numbering (
    id bigint NOT NULL,
    series character varying(20) NOT NULL,
    last bigint NOT NULL
);
ALTER TABLE public.supplier_numbering ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_numbering_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_ordernote (
    id bigint NOT NULL,
    kind character varying(30) NOT NULL,
    text text NOT NULL,
    data jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    order_id bigint NOT NULL
);
ALTER TABLE public.supplier_ordernote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_ordernote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_paperparty (
    id bigint NOT NULL,
    name character varying(120) NOT NULL,
    street character varying(160) NOT NULL,
    postcode character varying(20) NOT NULL,
    city character varying(80) NOT NULL,
    region character varying(80) NOT NULL,
    country character varying(2) NOT NULL,
    tax_number character varying(40) NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by_id bigint,
    reseller_id bigint
);
ALTER TABLE public.supplier_paperparty ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_paperparty_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_payout (
    id bigint NOT NULL,
    currency character varying(3) NOT NULL,
    amount_minor bigint NOT NULL,
    method character varying(8) NOT NULL,
    state character varying(10) NOT NULL,
    key character varying(60) NOT NULL,
    attempt smallint NOT NULL,
    destination jsonb NOT NULL,
    provider_id character varying(60) NOT NULL,
    reason character varying(40) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    ended_at timestamp with time zone,
    file_id bigint,
    reseller_id bigint NOT NULL,
    settlement_id bigint NOT NULL,
    CONSTRAINT payout_positive CHECK ((amount_minor > 0)),
    CONSTRAINT supplier_payout_attempt_check CHECK ((attempt >= 0))
);
ALTER TABLE public.supplier_payout ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_payout_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_payoutaccount (
    id bigint NOT NULL,
    key character varying(60) NOT NULL,
    asked_at timestamp with time zone,
    stripe_id character varying(60) NOT NULL,
    ready boolean NOT NULL,
    submitted boolean NOT NULL,
    due jsonb NOT NULL,
    disabled_reason character varying(100) NOT NULL,
    stripe_bank character varying(80) NOT NULL,
    checked_at timestamp with time zone,
    bank jsonb NOT NULL,
    changed_at timestamp with time zone,
    changed_by_id bigint,
    reseller_id bigint NOT NULL
);
ALTER TABLE public.supplier_payoutaccount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_payoutaccount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_payouthold (
    id bigint NOT NULL,
    cause character varying(100) NOT NULL,
    note character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    released_at timestamp with time zone,
    actor_id bigint,
    order_id bigint NOT NULL
);
ALTER TABLE public.supplier_payouthold ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_payouthold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_product (
    id bigint NOT NULL,
    code character varying(40) NOT NULL,
    slug character varying(120) NOT NULL,
    name_en character varying(160) NOT NULL,
    name_zh character varying(160) NOT NULL,
    summary_en character varying(240) NOT NULL,
    summary_zh character varying(240) NOT NULL,
    text_en text NOT NULL,
    text_zh text NOT NULL,
    brand character varying(80) NOT NULL,
    options jsonb NOT NULL,
    attributes jsonb NOT NULL,
    plate character varying(30) NOT NULL,
    status character varying(10) NOT NULL,
    search_text text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    category_id bigint NOT NULL,
    quality jsonb DEFAULT '{}'::jsonb NOT NULL
);
ALTER TABLE public.supplier_product ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_product_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_providerentry (
    id bigint NOT NULL,
    provider_id character varying(60) NOT NULL,
    kind character varying(40) NOT NULL,
    source character varying(60) NOT NULL,
    description character varying(200) NOT NULL,
    order_number character varying(12) NOT NULL,
    currency character varying(3) NOT NULL,
    amount_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    booked_at timestamp with time zone NOT NULL,
    available_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    note character varying(300) NOT NULL,
    explained_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    explained_by_id bigint
);
ALTER TABLE public.supplier_providerentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_providerentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_reservation (
    id bigint NOT NULL,
    order_number character varying(12) NOT NULL,
    state character varying(8) NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reseller_id bigint NOT NULL,
    answered_at timestamp with time zone
);
ALTER TABLE public.supplier_reservation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_reservation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_reservationline (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    shipped integer NOT NULL,
    released integer NOT NULL,
    reservation_id bigint NOT NULL,
    stock_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    CONSTRAINT reservation_line_adds_up CHECK (((quantity > 0) AND (released >= 0) AND (shipped >= 0) AND (quantity >= (shipped + released))))
);
ALTER TABLE public.supplier_reservationline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_reservationline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_returnline (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    restocked integer NOT NULL,
    scrapped integer NOT NULL,
    sent_back integer NOT NULL,
    missing integer NOT NULL,
    line_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    return_order_id bigint NOT NULL,
    CONSTRAINT return_line_adds_up CHECK (((quantity > 0) AND (quantity >= (((restocked + scrapped) + sent_back) + missing)))),
    CONSTRAINT supplier_returnline_missing_check CHECK ((missing >= 0)),
    CONSTRAINT supplier_returnline_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT supplier_returnline_restocked_check CHECK ((restocked >= 0)),
    CONSTRAINT supplier_returnline_scrapped_check CHECK ((scrapped >= 0)),
    CONSTRAINT supplier_returnline_sent_back_check CHECK ((sent_back >= 0))
);
ALTER TABLE public.supplier_returnline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_returnline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_returnorder (
    id bigint NOT NULL,
    number character varying(12) NOT NULL,
    state character varying(10) NOT NULL,
    wish character varying(10) NOT NULL,
    reason character varying(10) NOT NULL,
    fault character varying(10) NOT NULL,
    note character varying(500) NOT NULL,
    photos jsonb NOT NULL,
    keep boolean NOT NULL,
    tracking character varying(80) NOT NULL,
    claim_state character varying(12) NOT NULL,
    claim_minor bigint NOT NULL,
    claim_paid_minor bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone,
    inspected_at timestamp with time zone,
    closed_at timestamp with time zone,
    inspector_id bigint,
    order_id bigint NOT NULL,
    reseller_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    paid_out boolean,
    postage_by character varying(10) NOT NULL,
    postage_minor bigint NOT NULL,
    withheld_minor bigint NOT NULL,
    CONSTRAINT return_claim_within CHECK (((claim_paid_minor >= 0) AND (claim_paid_minor <= claim_minor))),
    CONSTRAINT return_postage_within CHECK (((withheld_minor >= 0) AND (withheld_minor <= postage_minor)))
);
ALTER TABLE public.supplier_returnorder ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_returnorder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_salesline (
    id bigint NOT NULL,
    line_id bigint NOT NULL,
    quantity integer NOT NULL,
    wholesale_minor bigint NOT NULL,
    margin_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    retail_minor bigint NOT NULL,
    order_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    funded_minor bigint NOT NULL,
    tax_bps integer,
    discount_minor bigint NOT NULL,
    warranty_months smallint,
    CONSTRAINT supplier_salesline_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT supplier_salesline_tax_bps_check CHECK ((tax_bps >= 0)),
    CONSTRAINT supplier_salesline_warranty_months_check CHECK ((warranty_months >= 0))
);
ALTER TABLE public.supplier_salesline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_salesline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_salesorder (
    id bigint NOT NULL,
    order_number character varying(12) NOT NULL,
    status character varying(12) NOT NULL,
    method character varying(8) NOT NULL,
    currency character varying(3) NOT NULL,
    captured_minor bigint NOT NULL,
    wholesale_minor bigint NOT NULL,
    margin_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    shipping_minor bigint NOT NULL,
    refunded_minor bigint NOT NULL,
    units integer NOT NULL,
    recipient jsonb NOT NULL,
    recipient_name character varying(120) NOT NULL,
    language character varying(10) NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reseller_id bigint NOT NULL,
    reservation_id bigint,
    cash character varying(10) NOT NULL,
    cash_at timestamp with time zone,
    fee_tax_minor bigint NOT NULL,
    funded_minor bigint NOT NULL,
    shipping_funded_minor bigint NOT NULL,
    shipping_funder character varying(1) NOT NULL,
    due_at timestamp with time zone,
    payout_held boolean NOT NULL,
    reserve_bps integer NOT NULL,
    return_days smallint NOT NULL,
    held_at timestamp with time zone,
    held_by character varying(8) NOT NULL,
    held_reason character varying(160) NOT NULL,
    agreed jsonb NOT NULL,
    service_minor bigint DEFAULT 0 NOT NULL,
    services jsonb,
    payment_intent character varying(80) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT sales_order_parts_are_parts CHECK (((funded_minor >= 0) AND (shipping_funded_minor >= 0) AND (fee_tax_minor >= 0) AND (fee_tax_minor <= fee_minor))),
    CONSTRAINT sales_order_refund_within_paid CHECK (((refunded_minor >= 0) AND (refunded_minor <= captured_minor))),
    CONSTRAINT sales_order_split_is_all CHECK ((captured_minor = ((((((wholesale_minor + service_minor) + margin_minor) + fee_minor) + tax_minor) + shipping_minor) - funded_minor))),
    CONSTRAINT supplier_salesorder_reserve_bps_check CHECK ((reserve_bps >= 0)),
    CONSTRAINT supplier_salesorder_return_days_check CHECK ((return_days >= 0)),
    CONSTRAINT supplier_salesorder_units_check CHECK ((units >= 0))
);
ALTER TABLE public.supplier_salesorder ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_salesorder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_salesrefund (
    id bigint NOT NULL,
    key character varying(120) NOT NULL,
    granted jsonb NOT NULL,
    order_id bigint NOT NULL
);
ALTER TABLE public.supplier_salesrefund ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_salesrefund_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_settlement (
    id bigint NOT NULL,
    currency character varying(3) NOT NULL,
    number character varying(20),
    released boolean NOT NULL,
    opening_minor bigint NOT NULL,
    sales_minor bigint NOT NULL,
    refunds_minor bigint NOT NULL,
    claims_minor bigint NOT NULL,
    adjustments_minor bigint NOT NULL,
    reserve_released_minor bigint NOT NULL,
    reserve_held_minor bigint NOT NULL,
    payout_minor bigint NOT NULL,
    closing_minor bigint NOT NULL,
    orders integer NOT NULL,
    method character varying(8) NOT NULL,
    min_payout_minor bigint NOT NULL,
    reserve_until timestamp with time zone,
    blocked character varying(20) NOT NULL,
    document jsonb,
    digest character varying(64) NOT NULL,
    reseller_id bigint NOT NULL,
    run_id bigint NOT NULL,
    kept jsonb DEFAULT '[]'::jsonb NOT NULL,
    kept_minor bigint DEFAULT 0 NOT NULL,
    CONSTRAINT settlement_adds_up CHECK ((closing_minor = (((((((opening_minor + sales_minor) + refunds_minor) + claims_minor) + adjustments_minor) + reserve_released_minor) - reserve_held_minor) - payout_minor))),
    CONSTRAINT settlement_keeps_what_is_held CHECK (((kept_minor >= 0) AND ((payout_minor = 0) OR (closing_minor >= kept_minor)))),
    CONSTRAINT settlement_pays_what_is_there CHECK (((payout_minor = 0) OR ((closing_minor >= 0) AND (payout_minor > 0)))),
    CONSTRAINT settlement_reserve_positive CHECK (((reserve_held_minor >= 0) AND (reserve_released_minor >= 0)))
);
ALTER TABLE public.supplier_settlement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_settlement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_settlementrun (
    id bigint NOT NULL,
    number character varying(20) NOT NULL,
    currency character varying(3) NOT NULL,
    until timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    "position" bigint NOT NULL,
    total integer NOT NULL,
    done integer NOT NULL,
    worked_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    reviewed_at timestamp with time zone,
    released_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    made_by_id bigint,
    released_by_id bigint,
    reviewed_by_id bigint
);
ALTER TABLE public.supplier_settlementrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_settlementrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_shipment (
    id bigint NOT NULL,
    number character varying(12) NOT NULL,
    carrier character varying(60) NOT NULL,
    tracking character varying(60) NOT NULL,
    tracking_url character varying(300) NOT NULL,
    request_key character varying(80) NOT NULL,
    shipped_at timestamp with time zone NOT NULL,
    actor_id bigint,
    fulfilment_id bigint NOT NULL,
    delivered_on date,
    said_by character varying(8) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT shipment_delivered_after_it_left CHECK ((((delivered_on IS NULL) AND ((said_by)::text = ''::text)) OR ((delivered_on >= (((shipped_at AT TIME ZONE 'UTC'::text))::date - 1)) AND (NOT ((said_by)::text = ''::text)))))
);
ALTER TABLE public.supplier_shipment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_shipment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_shipmentline (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    fulfilment_line_id bigint NOT NULL,
    shipment_id bigint NOT NULL,
    CONSTRAINT supplier_shipmentline_quantity_check CHECK ((quantity >= 0))
);
ALTER TABLE public.supplier_shipmentline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_shipmentline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_statementline (
    id bigint NOT NULL,
    amount_minor bigint NOT NULL,
    kind character varying(30) NOT NULL,
    settlement_id bigint NOT NULL,
    transfer_id bigint NOT NULL
);
ALTER TABLE public.supplier_statementline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_statementline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_stock (
    id bigint NOT NULL,
    bucket smallint NOT NULL,
    available integer NOT NULL,
    held integer NOT NULL,
    variant_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    damaged integer DEFAULT 0 NOT NULL,
    quarantined integer DEFAULT 0 NOT NULL,
    CONSTRAINT stock_available_not_negative CHECK ((available >= 0)),
    CONSTRAINT stock_damaged_in_first_bucket CHECK (((damaged = 0) OR ((bucket = 0) AND (damaged > 0)))),
    CONSTRAINT stock_held_not_negative CHECK ((held >= 0)),
    CONSTRAINT stock_quarantine_in_first_bucket CHECK (((quarantined = 0) OR ((bucket = 0) AND (quarantined > 0)))),
    CONSTRAINT supplier_stock_bucket_check CHECK ((bucket >= 0))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02');
ALTER TABLE public.supplier_stock ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_stock_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_stockcount (
    id bigint NOT NULL,
    number character varying(12) NOT NULL,
    state character varying(10) NOT NULL,
    blind boolean NOT NULL,
    reason character varying(160) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    posted_at timestamp with time zone,
    actor_id bigint,
    warehouse_id bigint NOT NULL
);
ALTER TABLE public.supplier_stockcount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_stockcount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_stockcountline (
    id bigint NOT NULL,
    expected integer,
    counted integer,
    counted_at timestamp with time zone,
    sheet_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    CONSTRAINT count_line_against_expected CHECK ((((counted IS NULL) AND (expected IS NULL)) OR ((counted IS NOT NULL) AND (expected IS NOT NULL)))),
    CONSTRAINT supplier_stockcountline_counted_check CHECK ((counted >= 0)),
    CONSTRAINT supplier_stockcountline_expected_check CHECK ((expected >= 0))
);
ALTER TABLE public.supplier_stockcountline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_stockcountline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_stocktransfer (
    id bigint NOT NULL,
    number character varying(12) NOT NULL,
    state character varying(10) NOT NULL,
    note character varying(160) NOT NULL,
    shortage character varying(160) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    received_at timestamp with time zone,
    actor_id bigint,
    source_id bigint NOT NULL,
    target_id bigint NOT NULL,
    CONSTRAINT transfer_goes_elsewhere CHECK ((NOT (source_id = target_id)))
);
ALTER TABLE public.supplier_stocktransfer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_stocktransfer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_stocktransferline (
    id bigint NOT NULL,
    quantity integer NOT NULL,
    received integer NOT NULL,
    lost integer NOT NULL,
    transfer_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    CONSTRAINT supplier_stocktransferline_lost_check CHECK ((lost >= 0)),
    CONSTRAINT supplier_stocktransferline_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT supplier_stocktransferline_received_check CHECK ((received >= 0)),
    CONSTRAINT transfer_line_adds_up CHECK (((quantity > 0) AND (quantity >= (received + lost))))
);
ALTER TABLE public.supplier_stocktransferline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_stocktransferline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_terms (
    id bigint NOT NULL,
    version integer NOT NULL,
    fee_bps integer NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reseller_id bigint,
    fee_tax_bps integer NOT NULL,
    min_payout_minor bigint NOT NULL,
    payout_method character varying(8) NOT NULL,
    payout_schedule character varying(8) NOT NULL,
    reserve_bps integer NOT NULL,
    reserve_days smallint NOT NULL,
    return_days smallint NOT NULL,
    keep_below_minor bigint NOT NULL,
    return_approval character varying(10) NOT NULL,
    return_postage_by character varying(10) NOT NULL,
    return_postage_minor bigint NOT NULL,
    dispute_bearers jsonb NOT NULL,
    return_auto_below_minor bigint NOT NULL,
    return_parts boolean NOT NULL,
    CONSTRAINT supplier_terms_fee_bps_check CHECK ((fee_bps >= 0)),
    CONSTRAINT supplier_terms_fee_tax_bps_check CHECK ((fee_tax_bps >= 0)),
    CONSTRAINT supplier_terms_keep_below_minor_check CHECK ((keep_below_minor >= 0)),
    CONSTRAINT supplier_terms_min_payout_minor_check CHECK ((min_payout_minor >= 0)),
    CONSTRAINT supplier_terms_reserve_bps_check CHECK ((reserve_bps >= 0)),
    CONSTRAINT supplier_terms_reserve_days_check CHECK ((reserve_days >= 0)),
    CONSTRAINT supplier_terms_return_auto_below_minor_check CHECK ((return_auto_below_minor >= 0)),
    CONSTRAINT supplier_terms_return_days_check CHECK ((return_days >= 0)),
    CONSTRAINT supplier_terms_return_postage_minor_check CHECK ((return_postage_minor >= 0)),
    CONSTRAINT supplier_terms_version_check CHECK ((version >= 0)),
    CONSTRAINT terms_fee_below_half CHECK ((fee_bps <= 5000)),
    CONSTRAINT terms_of_payouts CHECK (((fee_tax_bps <= 5000) AND (reserve_bps <= 10000) AND (reserve_days <= 730) AND (return_days <= 365)))
);
ALTER TABLE public.supplier_terms ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_terms_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_transfer (
    id bigint NOT NULL,
    amount_minor bigint NOT NULL,
    currency character varying(3) NOT NULL,
    memo character varying(120) NOT NULL,
    credit_id bigint NOT NULL,
    debit_id bigint NOT NULL,
    journal_id bigint NOT NULL,
    CONSTRAINT transfer_moves CHECK ((NOT (debit_id = credit_id))),
    CONSTRAINT transfer_positive CHECK ((amount_minor > 0))
);
ALTER TABLE public.supplier_transfer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_transfer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_unusedpayment (
    id bigint NOT NULL,
    payment_intent character varying(80) NOT NULL,
    order_number character varying(12) NOT NULL,
    currency character varying(3) NOT NULL,
    amount_minor bigint NOT NULL,
    told_at timestamp with time zone NOT NULL,
    reseller_id bigint NOT NULL,
    CONSTRAINT unused_payment_positive CHECK ((amount_minor > 0))
);
ALTER TABLE public.supplier_unusedpayment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_unusedpayment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_variant (
    id bigint NOT NULL,
    sku character varying(60) NOT NULL,
    barcode character varying(32) NOT NULL,
    options jsonb NOT NULL,
    label_en character varying(120) NOT NULL,
    label_zh character varying(120) NOT NULL,
    tint character varying(20) NOT NULL,
    currency character varying(3) NOT NULL,
    wholesale_minor bigint NOT NULL,
    suggested_minor bigint NOT NULL,
    floor_minor bigint NOT NULL,
    ceiling_minor bigint NOT NULL,
    weight_g integer NOT NULL,
    "position" smallint NOT NULL,
    status character varying(10) NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    product_id bigint NOT NULL,
    serials boolean DEFAULT false NOT NULL,
    warranty_months smallint,
    CONSTRAINT supplier_variant_position_check CHECK (("position" >= 0)),
    CONSTRAINT supplier_variant_warranty_months_check CHECK ((warranty_months >= 0)),
    CONSTRAINT supplier_variant_weight_g_check CHECK ((weight_g >= 0)),
    CONSTRAINT variant_band CHECK (((floor_minor >= 0) AND (floor_minor <= suggested_minor) AND (suggested_minor <= ceiling_minor))),
    CONSTRAINT variant_warranty_in_reason CHECK ((warranty_months <= 240)),
    CONSTRAINT variant_wholesale_not_negative CHECK ((wholesale_minor >= 0))
);
ALTER TABLE public.supplier_variant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_variant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.supplier_warehouse (
    id bigint NOT NULL,
    code character varying(12) NOT NULL,
    name_en character varying(80) NOT NULL,
    name_zh character varying(80) NOT NULL,
    country character varying(2) NOT NULL,
    city character varying(80) NOT NULL,
    priority smallint NOT NULL,
    active boolean NOT NULL,
    CONSTRAINT supplier_warehouse_priority_check CHECK ((priority >= 0))
);
ALTER TABLE public.supplier_warehouse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.supplier_warehouse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tenancy_domain (
    id bigint NOT NULL,
    domain character varying(253) NOT NULL,
    is_primary boolean NOT NULL,
    verified_at timestamp with time zone,
    verification_token character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    tenant_id bigint NOT NULL,
    CONSTRAINT domain_primary_is_proved CHECK (((NOT is_primary) OR (verified_at IS NOT NULL))),
    CONSTRAINT domain_shape CHECK (((domain)::text ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$'::text))
);
ALTER TABLE public.tenancy_domain ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tenancy_domain_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tenancy_reseller (
    id bigint NOT NULL,
    slug character varying(40) NOT NULL,
    schema_name character varying(63) NOT NULL,
    name character varying(120) NOT NULL,
    status character varying(12) NOT NULL,
    currency character varying(3) NOT NULL,
    country character varying(2) NOT NULL,
    language character varying(10) NOT NULL,
    schema_version character varying(120) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    opened_at timestamp with time zone,
    suspended_reason character varying(300) NOT NULL,
    CONSTRAINT reseller_country_shape CHECK (((country)::text ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT reseller_currency_shape CHECK (((currency)::text ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT reseller_language_known CHECK (((language)::text = ANY (ARRAY[('en'::character varying)::text, ('zh-hans'::character varying)::text]))),
    CONSTRAINT reseller_open_has_schema CHECK (((NOT ((status)::text = 'open'::text)) OR ((opened_at IS NOT NULL) AND (NOT ((schema_version)::text = ''::text))))),
    CONSTRAINT reseller_schema_shape CHECK (((schema_name)::text ~ '^shop_[a-z0-9]{10,40}$'::text)),
    CONSTRAINT reseller_slug_shape CHECK (((slug)::text ~ '^(?=.{3,40}$)[a-z0-9]+(-[a-z0-9]+)*$'::text)),
    CONSTRAINT reseller_status_known CHECK (((status)::text = ANY (ARRAY[('applied'::character varying)::text, ('open'::character varying)::text, ('suspended'::character varying)::text, ('closed'::character varying)::text]))),
    CONSTRAINT reseller_suspension_has_reason CHECK (((NOT ((status)::text = 'suspended'::text)) OR (NOT ((suspended_reason)::text = ''::text))))
);
ALTER TABLE public.tenancy_reseller ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tenancy_reseller_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY public.supplier_account
    ADD CONSTRAINT account_currency UNIQUE (id, currency);
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_account
    ADD CONSTRAINT account_once UNIQUE NULLS NOT DISTINCT (kind, reseller_id, currency);
ALTER TABLE ONLY public.supplier_accountsum
    ADD CONSTRAINT account_sum_once UNIQUE (seal_id, account_id);
ALTER TABLE ONLY public.accounts_auditentry
    ADD CONSTRAINT accounts_auditentry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_savedview
    ADD CONSTRAINT accounts_savedview_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_email_key UNIQUE (email);
ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_user_id_group_id_59c0b32f_uniq UNIQUE (user_id, group_id);
ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_permi_user_id_permission_id_2ab516c2_uniq UNIQUE (user_id, permission_id);
ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_advice
    ADD CONSTRAINT advice_once UNIQUE (reseller_id, kind, product_id, other_id);
ALTER TABLE ONLY public.enablement_announcementread
    ADD CONSTRAINT announcement_read_once UNIQUE (announcement_id, reseller_id);
ALTER TABLE ONLY public.api_apikey
    ADD CONSTRAINT api_apikey_key_hash_key UNIQUE (key_hash);
ALTER TABLE ONLY public.api_apikey
    ADD CONSTRAINT api_apikey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.api_idempotentanswer
    ADD CONSTRAINT api_idempotentanswer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_bankrefund
    ADD CONSTRAINT bank_refund_once UNIQUE (order_id, refund_id);
ALTER TABLE ONLY public.enablement_benchmark
    ADD CONSTRAINT benchmark_once UNIQUE (month, "group", figure);
ALTER TABLE ONLY public.enablement_billline
    ADD CONSTRAINT bill_line_once UNIQUE NULLS NOT DISTINCT (bill_id, line_id, charge_id);
ALTER TABLE ONLY public.supplier_bundlepart
    ADD CONSTRAINT bundle_part_once UNIQUE (bundle_id, component_id);
ALTER TABLE ONLY public.supplier_bundlepart
    ADD CONSTRAINT bundle_part_pieces UNIQUE (bundle_id, component_id, pieces);
ALTER TABLE ONLY public.enablement_purchasecharge
    ADD CONSTRAINT charge_once UNIQUE (order_id, key);
ALTER TABLE ONLY public.enablement_chargepart
    ADD CONSTRAINT charge_part_once UNIQUE (charge_id, line_id);
ALTER TABLE ONLY public.enablement_commitment
    ADD CONSTRAINT commitment_once UNIQUE (item_id, reseller_id);
ALTER TABLE ONLY public.enablement_complaint
    ADD CONSTRAINT complaint_once UNIQUE (reseller_id, order_number, key);
ALTER TABLE ONLY public.supplier_stockcountline
    ADD CONSTRAINT count_line_once UNIQUE (sheet_id, variant_id);
ALTER TABLE ONLY public.enablement_coursepassed
    ADD CONSTRAINT course_passed_once UNIQUE (course_id, reseller_id);
ALTER TABLE ONLY public.enablement_deskcase
    ADD CONSTRAINT desk_case_once UNIQUE (reseller_id, number);
ALTER TABLE ONLY public.enablement_deskskill
    ADD CONSTRAINT desk_skill_once UNIQUE (topic, user_id);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.tenancy_domain
    ADD CONSTRAINT domain_claimed_once_per_reseller UNIQUE (tenant_id, domain);
ALTER TABLE ONLY public.enablement_advice
    ADD CONSTRAINT enablement_advice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_tipanswer
    ADD CONSTRAINT enablement_adviceanswer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_advicerun
    ADD CONSTRAINT enablement_advicerun_made_on_key UNIQUE (made_on);
ALTER TABLE ONLY public.enablement_advicerun
    ADD CONSTRAINT enablement_advicerun_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_announcement_chosen
    ADD CONSTRAINT enablement_announcement__announcement_id_reseller_6f1da9da_uniq UNIQUE (announcement_id, reseller_id);
ALTER TABLE ONLY public.enablement_announcement_chosen
    ADD CONSTRAINT enablement_announcement_chosen_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_announcement
    ADD CONSTRAINT enablement_announcement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_announcementread
    ADD CONSTRAINT enablement_announcementread_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_benchmark
    ADD CONSTRAINT enablement_benchmark_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_billline
    ADD CONSTRAINT enablement_billline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_billrules
    ADD CONSTRAINT enablement_billrules_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_buyinground
    ADD CONSTRAINT enablement_buyinground_number_key UNIQUE (number);
ALTER TABLE ONLY public.enablement_buyinground
    ADD CONSTRAINT enablement_buyinground_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_buyinground
    ADD CONSTRAINT enablement_buyinground_plan_id_key UNIQUE (plan_id);
ALTER TABLE ONLY public.enablement_chargepart
    ADD CONSTRAINT enablement_chargepart_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_commitment
    ADD CONSTRAINT enablement_commitment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_complaint
    ADD CONSTRAINT enablement_complaint_case_id_key UNIQUE (case_id);
ALTER TABLE ONLY public.enablement_complaint
    ADD CONSTRAINT enablement_complaint_number_key UNIQUE (number);
ALTER TABLE ONLY public.enablement_complaint
    ADD CONSTRAINT enablement_complaint_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_costchange
    ADD CONSTRAINT enablement_costchange_key_key UNIQUE (key);
ALTER TABLE ONLY public.enablement_costchange
    ADD CONSTRAINT enablement_costchange_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_course
    ADD CONSTRAINT enablement_course_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_coursepassed
    ADD CONSTRAINT enablement_coursepassed_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_deskcase
    ADD CONSTRAINT enablement_deskcase_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_deskclock
    ADD CONSTRAINT enablement_deskclock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_deskclock
    ADD CONSTRAINT enablement_deskclock_topic_key UNIQUE (topic);
ALTER TABLE ONLY public.enablement_deskskill
    ADD CONSTRAINT enablement_deskskill_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_forecast
    ADD CONSTRAINT enablement_forecast_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_forecastrun
    ADD CONSTRAINT enablement_forecastrun_made_on_key UNIQUE (made_on);
ALTER TABLE ONLY public.enablement_forecastrun
    ADD CONSTRAINT enablement_forecastrun_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_inspection
    ADD CONSTRAINT enablement_inspection_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_inspectionplan
    ADD CONSTRAINT enablement_inspectionplan_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_kit
    ADD CONSTRAINT enablement_kit_campaign_id_key UNIQUE (campaign_id);
ALTER TABLE ONLY public.enablement_kit
    ADD CONSTRAINT enablement_kit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_kit
    ADD CONSTRAINT enablement_kit_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.enablement_kitproduct
    ADD CONSTRAINT enablement_kitproduct_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_kituse
    ADD CONSTRAINT enablement_kituse_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_lesson
    ADD CONSTRAINT enablement_lesson_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_lessondone
    ADD CONSTRAINT enablement_lessondone_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_lotorigin
    ADD CONSTRAINT enablement_lotorigin_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_martstate
    ADD CONSTRAINT enablement_martstate_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_paperfile
    ADD CONSTRAINT enablement_paperfile_paper_id_key UNIQUE (paper_id);
ALTER TABLE ONLY public.enablement_paperfile
    ADD CONSTRAINT enablement_paperfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_pastforecast
    ADD CONSTRAINT enablement_pastforecast_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_peer
    ADD CONSTRAINT enablement_peer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_planline
    ADD CONSTRAINT enablement_planline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_planpart
    ADD CONSTRAINT enablement_planpart_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_planshare
    ADD CONSTRAINT enablement_planshare_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_pricebreak
    ADD CONSTRAINT enablement_pricebreak_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_purchasecharge
    ADD CONSTRAINT enablement_purchasecharge_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_purchaseline
    ADD CONSTRAINT enablement_purchaseline_arrival_id_key UNIQUE (arrival_id);
ALTER TABLE ONLY public.enablement_purchaseline
    ADD CONSTRAINT enablement_purchaseline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_purchasenote
    ADD CONSTRAINT enablement_purchasenote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_purchaseorder
    ADD CONSTRAINT enablement_purchaseorder_number_key UNIQUE (number);
ALTER TABLE ONLY public.enablement_purchaseorder
    ADD CONSTRAINT enablement_purchaseorder_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_purchaseplan
    ADD CONSTRAINT enablement_purchaseplan_number_key UNIQUE (number);
ALTER TABLE ONLY public.enablement_purchaseplan
    ADD CONSTRAINT enablement_purchaseplan_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_question
    ADD CONSTRAINT enablement_question_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_quote
    ADD CONSTRAINT enablement_quote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_quoteitem
    ADD CONSTRAINT enablement_quoteitem_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_quoteline
    ADD CONSTRAINT enablement_quoteline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_quotenote
    ADD CONSTRAINT enablement_quotenote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_quoterequest
    ADD CONSTRAINT enablement_quoterequest_number_key UNIQUE (number);
ALTER TABLE ONLY public.enablement_quoterequest
    ADD CONSTRAINT enablement_quoterequest_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_recall_lots
    ADD CONSTRAINT enablement_recall_lots_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_recall_lots
    ADD CONSTRAINT enablement_recall_lots_recall_id_lot_id_5922a84e_uniq UNIQUE (recall_id, lot_id);
ALTER TABLE ONLY public.enablement_recall
    ADD CONSTRAINT enablement_recall_number_key UNIQUE (number);
ALTER TABLE ONLY public.enablement_recall
    ADD CONSTRAINT enablement_recall_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_recallorder
    ADD CONSTRAINT enablement_recallorder_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_receipt
    ADD CONSTRAINT enablement_receipt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_receiptline
    ADD CONSTRAINT enablement_receiptline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_resellertier
    ADD CONSTRAINT enablement_resellertier_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_resellertier
    ADD CONSTRAINT enablement_resellertier_reseller_id_key UNIQUE (reseller_id);
ALTER TABLE ONLY public.enablement_review
    ADD CONSTRAINT enablement_review_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_rounditem
    ADD CONSTRAINT enablement_rounditem_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_salesfact
    ADD CONSTRAINT enablement_salesfact_pkey PRIMARY KEY (day, cause, line_id);
ALTER TABLE ONLY public.enablement_salessum
    ADD CONSTRAINT enablement_salessum_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_salesweek
    ADD CONSTRAINT enablement_salesweek_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_servicebooking
    ADD CONSTRAINT enablement_servicebooking_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_servicebooking
    ADD CONSTRAINT enablement_servicebooking_task_id_key UNIQUE (task_id);
ALTER TABLE ONLY public.enablement_serviceoffer
    ADD CONSTRAINT enablement_serviceoffer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_serviceoption
    ADD CONSTRAINT enablement_serviceoption_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_serviceoptout
    ADD CONSTRAINT enablement_serviceoptout_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_serviceprovider
    ADD CONSTRAINT enablement_serviceprovider_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_servicerate
    ADD CONSTRAINT enablement_servicerate_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_servicestatement
    ADD CONSTRAINT enablement_servicestatement_number_key UNIQUE (number);
ALTER TABLE ONLY public.enablement_servicestatement
    ADD CONSTRAINT enablement_servicestatement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_servicetask
    ADD CONSTRAINT enablement_servicetask_number_key UNIQUE (number);
ALTER TABLE ONLY public.enablement_servicetask
    ADD CONSTRAINT enablement_servicetask_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_shopscore
    ADD CONSTRAINT enablement_shopscore_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_shopscore
    ADD CONSTRAINT enablement_shopscore_reseller_id_key UNIQUE (reseller_id);
ALTER TABLE ONLY public.enablement_variantcost
    ADD CONSTRAINT enablement_variantcost_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_variantcost
    ADD CONSTRAINT enablement_variantcost_variant_id_key UNIQUE (variant_id);
ALTER TABLE ONLY public.enablement_vendor
    ADD CONSTRAINT enablement_vendor_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_vendorbill
    ADD CONSTRAINT enablement_vendorbill_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_vendoroffer
    ADD CONSTRAINT enablement_vendoroffer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_vendorpaper
    ADD CONSTRAINT enablement_vendorpaper_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_vendorpayment
    ADD CONSTRAINT enablement_vendorpayment_number_key UNIQUE (number);
ALTER TABLE ONLY public.enablement_vendorpayment
    ADD CONSTRAINT enablement_vendorpayment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_vetting
    ADD CONSTRAINT enablement_vetting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_vetting
    ADD CONSTRAINT enablement_vetting_vendor_id_key UNIQUE (vendor_id);
ALTER TABLE ONLY public.enablement_visitbatch
    ADD CONSTRAINT enablement_visitbatch_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.enablement_visits
    ADD CONSTRAINT enablement_visits_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_forecast
    ADD CONSTRAINT forecast_once UNIQUE (variant_id, reseller_id);
ALTER TABLE ONLY public.supplier_fulfilmentorder
    ADD CONSTRAINT fulfilment_once_per_warehouse UNIQUE (order_id, warehouse_id);
ALTER TABLE ONLY public.api_idempotentanswer
    ADD CONSTRAINT idempotent_once UNIQUE (scope, key);
ALTER TABLE ONLY public.supplier_importrow
    ADD CONSTRAINT import_row_once UNIQUE (job_id, number);
ALTER TABLE ONLY public.enablement_inspectionplan
    ADD CONSTRAINT inspection_plan_once UNIQUE NULLS NOT DISTINCT (vendor_id, variant_id);
ALTER TABLE ONLY public.supplier_invoice
    ADD CONSTRAINT invoice_once UNIQUE (settlement_id, kind);
ALTER TABLE ONLY public.jobs_jobrow
    ADD CONSTRAINT job_row_once UNIQUE (job_id, row_id);
ALTER TABLE ONLY public.jobs_job
    ADD CONSTRAINT jobs_job_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.jobs_job
    ADD CONSTRAINT jobs_job_token_key UNIQUE (token);
ALTER TABLE ONLY public.jobs_job
    ADD CONSTRAINT jobs_job_undoes_id_key UNIQUE (undoes_id);
ALTER TABLE ONLY public.jobs_jobrow
    ADD CONSTRAINT jobs_jobrow_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enablement_kitproduct
    ADD CONSTRAINT kit_product_once UNIQUE (kit_id, product_id);
ALTER TABLE ONLY public.enablement_lessondone
    ADD CONSTRAINT lesson_done_once UNIQUE (reseller_id, lesson_id);
ALTER TABLE ONLY public.supplier_lot
    ADD CONSTRAINT lot_once UNIQUE (variant_id, code);
ALTER TABLE ONLY public.enablement_lotorigin
    ADD CONSTRAINT lot_origin_once UNIQUE (receipt_line_id, lot_id);
ALTER TABLE ONLY public.supplier_lotstock
    ADD CONSTRAINT lot_stock_once UNIQUE (lot_id, warehouse_id);
ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT membership_once UNIQUE NULLS NOT DISTINCT (user_id, reseller_id);
ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.outbox_jobrun
    ADD CONSTRAINT outbox_jobrun_name_key UNIQUE (name);
ALTER TABLE ONLY public.outbox_jobrun
    ADD CONSTRAINT outbox_jobrun_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.outbox_outboxevent
    ADD CONSTRAINT outbox_outboxevent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.outbox_webhookreceipt
    ADD CONSTRAINT outbox_webhookreceipt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_paperparty
    ADD CONSTRAINT paper_party_once UNIQUE NULLS NOT DISTINCT (reseller_id);
ALTER TABLE ONLY public.enablement_pastforecast
    ADD CONSTRAINT past_forecast_once UNIQUE (variant_id, reseller_id, day);
ALTER TABLE ONLY public.enablement_peer
    ADD CONSTRAINT peer_once UNIQUE (month, reseller_id);
ALTER TABLE ONLY public.enablement_planline
    ADD CONSTRAINT plan_line_once UNIQUE NULLS NOT DISTINCT (plan_id, variant_id, vendor_id);
ALTER TABLE ONLY public.enablement_planpart
    ADD CONSTRAINT plan_part_once UNIQUE (plan_id, reseller_id, variant_id);
ALTER TABLE ONLY public.enablement_planshare
    ADD CONSTRAINT plan_share_once UNIQUE (plan_id, reseller_id);
ALTER TABLE ONLY public.enablement_pricebreak
    ADD CONSTRAINT price_break_once UNIQUE (offer_id, quantity);
ALTER TABLE ONLY public.enablement_purchaseline
    ADD CONSTRAINT purchase_line_once UNIQUE (order_id, variant_id);
ALTER TABLE ONLY public.enablement_quoteitem
    ADD CONSTRAINT quote_item_once UNIQUE (request_id, variant_id);
ALTER TABLE ONLY public.enablement_quoteline
    ADD CONSTRAINT quote_line_once UNIQUE (quote_id, item_id);
ALTER TABLE ONLY public.enablement_quote
    ADD CONSTRAINT quote_once UNIQUE (request_id, vendor_id);
ALTER TABLE ONLY public.enablement_recallorder
    ADD CONSTRAINT recall_order_once UNIQUE (recall_id, reseller_id, order_number);
ALTER TABLE ONLY public.enablement_receiptline
    ADD CONSTRAINT receipt_line_once UNIQUE (receipt_id, line_id);
ALTER TABLE ONLY public.enablement_receipt
    ADD CONSTRAINT receipt_once UNIQUE (order_id, key);
ALTER TABLE ONLY public.supplier_reservation
    ADD CONSTRAINT reservation_once UNIQUE (reseller_id, order_number);
ALTER TABLE ONLY public.supplier_returnline
    ADD CONSTRAINT return_line_once UNIQUE (return_order_id, line_id, variant_id);
ALTER TABLE ONLY public.enablement_review
    ADD CONSTRAINT review_once UNIQUE (reseller_id, order_number, product_id);
ALTER TABLE ONLY public.enablement_rounditem
    ADD CONSTRAINT round_item_once UNIQUE (round_id, variant_id);
ALTER TABLE ONLY public.supplier_salesline
    ADD CONSTRAINT sales_line_once UNIQUE (order_id, line_id);
ALTER TABLE ONLY public.supplier_salesline
    ADD CONSTRAINT sales_line_variant UNIQUE (variant_id, id);
ALTER TABLE ONLY public.enablement_salessum
    ADD CONSTRAINT sales_sum_once UNIQUE (grain, currency, day, thing_id);
ALTER TABLE ONLY public.enablement_salesweek
    ADD CONSTRAINT sales_week_once UNIQUE (grain, currency, day, thing_id);
ALTER TABLE ONLY public.enablement_servicebooking
    ADD CONSTRAINT service_booking_once UNIQUE (reseller_id, order_number, line_id);
ALTER TABLE ONLY public.enablement_serviceoffer
    ADD CONSTRAINT service_offer_once UNIQUE (task_id, provider_id);
ALTER TABLE ONLY public.enablement_serviceoptout
    ADD CONSTRAINT service_opt_out_once UNIQUE (reseller_id, option_id);
ALTER TABLE ONLY public.enablement_servicerate
    ADD CONSTRAINT service_rate_once UNIQUE (provider_id, kind);
ALTER TABLE ONLY public.supplier_settlement
    ADD CONSTRAINT settlement_once UNIQUE (run_id, reseller_id);
ALTER TABLE ONLY public.supplier_stock
    ADD CONSTRAINT stock_row_once UNIQUE (variant_id, warehouse_id, bucket);
ALTER TABLE ONLY public.supplier_account
    ADD CONSTRAINT supplier_account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_accountsum
    ADD CONSTRAINT supplier_accountsum_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_arrival
    ADD CONSTRAINT supplier_arrival_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_bankfile
    ADD CONSTRAINT supplier_bankfile_number_key UNIQUE (number);
ALTER TABLE ONLY public.supplier_bankfile
    ADD CONSTRAINT supplier_bankfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_bankrefund
    ADD CONSTRAINT supplier_bankrefund_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_bundle
    ADD CONSTRAINT supplier_bundle_pkey PRIMARY KEY (variant_id);
ALTER TABLE ONLY public.supplier_bundlepart
    ADD CONSTRAINT supplier_bundlepart_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_campaign
    ADD CONSTRAINT supplier_campaign_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_category
    ADD CONSTRAINT supplier_category_path_key UNIQUE (path);
ALTER TABLE ONLY public.supplier_category
    ADD CONSTRAINT supplier_category_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_category
    ADD CONSTRAINT supplier_category_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.supplier_clawback
    ADD CONSTRAINT supplier_clawback_key_key UNIQUE (key);
ALTER TABLE ONLY public.supplier_clawback
    ADD CONSTRAINT supplier_clawback_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_company
    ADD CONSTRAINT supplier_company_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_dailyseal
    ADD CONSTRAINT supplier_dailyseal_on_key UNIQUE ("on");
ALTER TABLE ONLY public.supplier_dailyseal
    ADD CONSTRAINT supplier_dailyseal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_dispute
    ADD CONSTRAINT supplier_dispute_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_dispute
    ADD CONSTRAINT supplier_dispute_provider_id_key UNIQUE (provider_id);
ALTER TABLE ONLY public.supplier_erasedfile
    ADD CONSTRAINT supplier_erasedfile_name_key UNIQUE (name);
ALTER TABLE ONLY public.supplier_erasedfile
    ADD CONSTRAINT supplier_erasedfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_fulfilmentline
    ADD CONSTRAINT supplier_fulfilmentline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_fulfilmentorder
    ADD CONSTRAINT supplier_fulfilmentorder_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_importjob
    ADD CONSTRAINT supplier_importjob_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_importjob
    ADD CONSTRAINT supplier_importjob_token_key UNIQUE (token);
ALTER TABLE ONLY public.supplier_importrow
    ADD CONSTRAINT supplier_importrow_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_invoice
    ADD CONSTRAINT supplier_invoice_number_key UNIQUE (number);
ALTER TABLE ONLY public.supplier_invoice
    ADD CONSTRAINT supplier_invoice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_journal
    ADD CONSTRAINT supplier_journal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_lot
    ADD CONSTRAINT supplier_lot_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_lotmovement
    ADD CONSTRAINT supplier_lotmovement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_lotpick
    ADD CONSTRAINT supplier_lotpick_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_lotstock
    ADD CONSTRAINT supplier_lotstock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_media
    ADD CONSTRAINT supplier_media_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_movement
    ADD CONSTRAINT supplier_movement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_numbering
    ADD CONSTRAINT supplier_numbering_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_numbering
    ADD CONSTRAINT supplier_numbering_series_key UNIQUE (series);
ALTER TABLE ONLY public.supplier_ordernote
    ADD CONSTRAINT supplier_ordernote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_paperparty
    ADD CONSTRAINT supplier_paperparty_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_payout
    ADD CONSTRAINT supplier_payout_key_key UNIQUE (key);
ALTER TABLE ONLY public.supplier_payout
    ADD CONSTRAINT supplier_payout_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_payout
    ADD CONSTRAINT supplier_payout_settlement_id_key UNIQUE (settlement_id);
ALTER TABLE ONLY public.supplier_payoutaccount
    ADD CONSTRAINT supplier_payoutaccount_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_payoutaccount
    ADD CONSTRAINT supplier_payoutaccount_reseller_id_key UNIQUE (reseller_id);
ALTER TABLE ONLY public.supplier_payouthold
    ADD CONSTRAINT supplier_payouthold_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_product
    ADD CONSTRAINT supplier_product_code_key UNIQUE (code);
ALTER TABLE ONLY public.supplier_product
    ADD CONSTRAINT supplier_product_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_product
    ADD CONSTRAINT supplier_product_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.supplier_providerentry
    ADD CONSTRAINT supplier_providerentry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_providerentry
    ADD CONSTRAINT supplier_providerentry_provider_id_key UNIQUE (provider_id);
ALTER TABLE ONLY public.supplier_reservation
    ADD CONSTRAINT supplier_reservation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_reservationline
    ADD CONSTRAINT supplier_reservationline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_returnline
    ADD CONSTRAINT supplier_returnline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_returnorder
    ADD CONSTRAINT supplier_returnorder_number_key UNIQUE (number);
ALTER TABLE ONLY public.supplier_returnorder
    ADD CONSTRAINT supplier_returnorder_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_salesline
    ADD CONSTRAINT supplier_salesline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_salesorder
    ADD CONSTRAINT supplier_salesorder_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_salesrefund
    ADD CONSTRAINT supplier_salesrefund_key_key UNIQUE (key);
ALTER TABLE ONLY public.supplier_salesrefund
    ADD CONSTRAINT supplier_salesrefund_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_settlement
    ADD CONSTRAINT supplier_settlement_number_key UNIQUE (number);
ALTER TABLE ONLY public.supplier_settlement
    ADD CONSTRAINT supplier_settlement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_settlementrun
    ADD CONSTRAINT supplier_settlementrun_number_key UNIQUE (number);
ALTER TABLE ONLY public.supplier_settlementrun
    ADD CONSTRAINT supplier_settlementrun_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_shipment
    ADD CONSTRAINT supplier_shipment_number_key UNIQUE (number);
ALTER TABLE ONLY public.supplier_shipment
    ADD CONSTRAINT supplier_shipment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_shipment
    ADD CONSTRAINT supplier_shipment_request_key_key UNIQUE (request_key);
ALTER TABLE ONLY public.supplier_shipmentline
    ADD CONSTRAINT supplier_shipmentline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_statementline
    ADD CONSTRAINT supplier_statementline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_statementline
    ADD CONSTRAINT supplier_statementline_transfer_id_key UNIQUE (transfer_id);
ALTER TABLE ONLY public.supplier_stock
    ADD CONSTRAINT supplier_stock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_stockcount
    ADD CONSTRAINT supplier_stockcount_number_key UNIQUE (number);
ALTER TABLE ONLY public.supplier_stockcount
    ADD CONSTRAINT supplier_stockcount_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_stockcountline
    ADD CONSTRAINT supplier_stockcountline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_stocktransfer
    ADD CONSTRAINT supplier_stocktransfer_number_key UNIQUE (number);
ALTER TABLE ONLY public.supplier_stocktransfer
    ADD CONSTRAINT supplier_stocktransfer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_stocktransferline
    ADD CONSTRAINT supplier_stocktransferline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_terms
    ADD CONSTRAINT supplier_terms_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_transfer
    ADD CONSTRAINT supplier_transfer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_unusedpayment
    ADD CONSTRAINT supplier_unusedpayment_payment_intent_key UNIQUE (payment_intent);
ALTER TABLE ONLY public.supplier_unusedpayment
    ADD CONSTRAINT supplier_unusedpayment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_variant
    ADD CONSTRAINT supplier_variant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.supplier_variant
    ADD CONSTRAINT supplier_variant_sku_key UNIQUE (sku);
ALTER TABLE ONLY public.supplier_warehouse
    ADD CONSTRAINT supplier_warehouse_code_key UNIQUE (code);
ALTER TABLE ONLY public.supplier_warehouse
    ADD CONSTRAINT supplier_warehouse_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tenancy_domain
    ADD CONSTRAINT tenancy_domain_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tenancy_reseller
    ADD CONSTRAINT tenancy_reseller_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tenancy_reseller
    ADD CONSTRAINT tenancy_reseller_schema_name_key UNIQUE (schema_name);
ALTER TABLE ONLY public.tenancy_reseller
    ADD CONSTRAINT tenancy_reseller_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.supplier_terms
    ADD CONSTRAINT terms_version_once UNIQUE NULLS NOT DISTINCT (reseller_id, version);
ALTER TABLE ONLY public.enablement_tipanswer
    ADD CONSTRAINT tip_answered_once UNIQUE (reseller_id, code, subject);
ALTER TABLE ONLY public.supplier_stocktransferline
    ADD CONSTRAINT transfer_line_once UNIQUE (transfer_id, variant_id);
ALTER TABLE ONLY public.enablement_vendoroffer
    ADD CONSTRAINT vendor_offer_once UNIQUE (vendor_id, variant_id);
ALTER TABLE ONLY public.enablement_visits
    ADD CONSTRAINT visits_once UNIQUE (reseller_id, kind, day, thing_id);
ALTER TABLE ONLY public.outbox_webhookreceipt
    ADD CONSTRAINT webhook_once UNIQUE (provider, event_id);
CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);
CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);
CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);
CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);
CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);
CREATE INDEX accounts_auditentry_actor_id_3237b29c ON public.accounts_auditentry USING btree (actor_id);
CREATE INDEX accounts_auditentry_reseller_id_e3b81b1d ON public.accounts_auditentry USING btree (reseller_id);
CREATE INDEX accounts_invitation_invited_by_id_94a21efc ON public.accounts_invitation USING btree (invited_by_id);
CREATE INDEX accounts_invitation_reseller_id_9cf1013b ON public.accounts_invitation USING btree (reseller_id);
CREATE INDEX accounts_invitation_token_hash_3d59d75c_like ON public.accounts_invitation USING btree (token_hash varchar_pattern_ops);
CREATE INDEX accounts_membership_reseller_id_24d89c4b ON public.accounts_membership USING btree (reseller_id);
CREATE INDEX accounts_membership_user_id_487fb39e ON public.accounts_membership USING btree (user_id);
CREATE INDEX accounts_savedview_reseller_id_7dd115d2 ON public.accounts_savedview USING btree (reseller_id);
CREATE INDEX accounts_savedview_user_id_f77d553a ON public.accounts_savedview USING btree (user_id);
CREATE INDEX accounts_user_email_b2644a56_like ON public.accounts_user USING btree (email varchar_pattern_ops);
CREATE INDEX accounts_user_groups_group_id_bd11a704 ON public.accounts_user_groups USING btree (group_id);
CREATE INDEX accounts_user_groups_user_id_52b62117 ON public.accounts_user_groups USING btree (user_id);
CREATE INDEX accounts_user_user_permissions_permission_id_113bb443 ON public.accounts_user_user_permissions USING btree (permission_id);
CREATE INDEX accounts_user_user_permissions_user_id_e4f0a161 ON public.accounts_user_user_permissions USING btree (user_id);
CREATE INDEX advice_made_on ON public.enablement_advice USING btree (made_on);
CREATE INDEX api_apikey_created_by_id_f47c4b17 ON public.api_apikey USING btree (created_by_id);
CREATE INDEX api_apikey_key_hash_7076908a_like ON public.api_apikey USING btree (key_hash varchar_pattern_ops);
CREATE INDEX api_apikey_reseller_id_a09a950c ON public.api_apikey USING btree (reseller_id);
CREATE INDEX api_idempotentanswer_created_at_bee26041 ON public.api_idempotentanswer USING btree (created_at);
CREATE INDEX arrival_open ON public.supplier_arrival USING btree (variant_id, arrives_on) WHERE ((state)::text = 'open'::text);
CREATE INDEX audit_reseller ON public.accounts_auditentry USING btree (reseller_id, id DESC);
CREATE INDEX audit_subject ON public.accounts_auditentry USING btree (subject, id DESC);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE INDEX bank_refund_queue ON public.supplier_bankrefund USING btree (state, created_at);
CREATE INDEX complaint_of_shop ON public.enablement_complaint USING btree (reseller_id, id DESC);
CREATE INDEX complaint_open ON public.enablement_complaint USING btree (created_at) WHERE (((about)::text = 'goods'::text) AND ((state)::text = 'open'::text));
CREATE INDEX complaint_variant ON public.enablement_complaint USING btree (variant_id, id DESC) WHERE (variant_id IS NOT NULL);
CREATE INDEX desk_due ON public.enablement_deskcase USING btree (turn, due_at) WHERE ((state)::text = 'open'::text);
CREATE INDEX desk_load ON public.enablement_deskcase USING btree (assignee_id) WHERE (((state)::text = 'open'::text) AND ((turn)::text = 'supplier'::text));
CREATE INDEX desk_recent ON public.enablement_deskcase USING btree (moved_at DESC, id DESC);
CREATE INDEX dispute_of_order ON public.supplier_dispute USING btree (reseller_id, order_number);
CREATE INDEX dispute_open ON public.supplier_dispute USING btree (due_at, id) WHERE (closed_at IS NULL);
CREATE INDEX dispute_recent ON public.supplier_dispute USING btree (opened_at DESC, id DESC);
CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);
CREATE UNIQUE INDEX domain_one_primary ON public.tenancy_domain USING btree (tenant_id) WHERE is_primary;
CREATE UNIQUE INDEX domain_proved_once ON public.tenancy_domain USING btree (domain) WHERE (verified_at IS NOT NULL);
CREATE INDEX enablement_adviceanswer_reseller_id_06071bbc ON public.enablement_tipanswer USING btree (reseller_id);
CREATE INDEX enablement_announcement_chosen_announcement_id_aa0befd4 ON public.enablement_announcement_chosen USING btree (announcement_id);
CREATE INDEX enablement_announcement_chosen_reseller_id_f06041b1 ON public.enablement_announcement_chosen USING btree (reseller_id);
CREATE INDEX enablement_announcementread_announcement_id_4267d869 ON public.enablement_announcementread USING btree (announcement_id);
CREATE INDEX enablement_announcementread_reader_id_fa284633 ON public.enablement_announcementread USING btree (reader_id);
CREATE INDEX enablement_announcementread_reseller_id_49434143 ON public.enablement_announcementread USING btree (reseller_id);
CREATE INDEX enablement_billline_bill_id_402d7ee9 ON public.enablement_billline USING btree (bill_id);
CREATE INDEX enablement_billline_charge_id_bb7ba862 ON public.enablement_billline USING btree (charge_id);
CREATE INDEX enablement_billline_decided_by_id_2e3fbd88 ON public.enablement_billline USING btree (decided_by_id);
CREATE INDEX enablement_billline_line_id_96715f56 ON public.enablement_billline USING btree (line_id);
CREATE INDEX enablement_buyinground_actor_id_0a99a203 ON public.enablement_buyinground USING btree (actor_id);
CREATE INDEX enablement_buyinground_number_732c8b3f_like ON public.enablement_buyinground USING btree (number varchar_pattern_ops);
CREATE INDEX enablement_buyinground_warehouse_id_bd1779d3 ON public.enablement_buyinground USING btree (warehouse_id);
CREATE INDEX enablement_chargepart_charge_id_f3da5ae2 ON public.enablement_chargepart USING btree (charge_id);
CREATE INDEX enablement_chargepart_line_id_ce88348e ON public.enablement_chargepart USING btree (line_id);
CREATE INDEX enablement_commitment_item_id_56298297 ON public.enablement_commitment USING btree (item_id);
CREATE INDEX enablement_commitment_reseller_id_3bee4388 ON public.enablement_commitment USING btree (reseller_id);
CREATE INDEX enablement_complaint_actor_id_1a3e6fd3 ON public.enablement_complaint USING btree (actor_id);
CREATE INDEX enablement_complaint_lot_id_08a99270 ON public.enablement_complaint USING btree (lot_id);
CREATE INDEX enablement_complaint_number_2828b53a_like ON public.enablement_complaint USING btree (number varchar_pattern_ops);
CREATE INDEX enablement_complaint_vendor_id_1e60d018 ON public.enablement_complaint USING btree (vendor_id);
CREATE INDEX enablement_costchange_key_a1058a7e_like ON public.enablement_costchange USING btree (key varchar_pattern_ops);
CREATE INDEX enablement_costchange_line_id_cceac1cc ON public.enablement_costchange USING btree (line_id);
CREATE INDEX enablement_coursepassed_course_id_9ebaf2ef ON public.enablement_coursepassed USING btree (course_id);
CREATE INDEX enablement_coursepassed_learner_id_c4886103 ON public.enablement_coursepassed USING btree (learner_id);
CREATE INDEX enablement_coursepassed_reseller_id_d4af010e ON public.enablement_coursepassed USING btree (reseller_id);
CREATE INDEX enablement_deskcase_assignee_id_7b9325f5 ON public.enablement_deskcase USING btree (assignee_id);
CREATE INDEX enablement_deskcase_reseller_id_db4562ad ON public.enablement_deskcase USING btree (reseller_id);
CREATE INDEX enablement_deskclock_topic_4899cae9_like ON public.enablement_deskclock USING btree (topic varchar_pattern_ops);
CREATE INDEX enablement_deskskill_user_id_796a0178 ON public.enablement_deskskill USING btree (user_id);
CREATE INDEX enablement_inspection_inspector_id_813b8a27 ON public.enablement_inspection USING btree (inspector_id);
CREATE INDEX enablement_inspection_lot_id_f7b18aa4 ON public.enablement_inspection USING btree (lot_id);
CREATE INDEX enablement_inspection_receipt_line_id_065dcf7f ON public.enablement_inspection USING btree (receipt_line_id);
CREATE INDEX enablement_inspection_vendor_id_266f65c1 ON public.enablement_inspection USING btree (vendor_id);
CREATE INDEX enablement_inspectionplan_variant_id_9a0a7c8e ON public.enablement_inspectionplan USING btree (variant_id);
CREATE INDEX enablement_inspectionplan_vendor_id_ab418276 ON public.enablement_inspectionplan USING btree (vendor_id);
CREATE INDEX enablement_kit_slug_d5641418_like ON public.enablement_kit USING btree (slug varchar_pattern_ops);
CREATE INDEX enablement_kitproduct_kit_id_4a7dcaad ON public.enablement_kitproduct USING btree (kit_id);
CREATE INDEX enablement_kitproduct_product_id_93de8c99 ON public.enablement_kitproduct USING btree (product_id);
CREATE INDEX enablement_kituse_kit_id_973e842f ON public.enablement_kituse USING btree (kit_id);
CREATE INDEX enablement_kituse_reseller_id_9df460ba ON public.enablement_kituse USING btree (reseller_id);
CREATE INDEX enablement_lesson_course_id_7cf279c8 ON public.enablement_lesson USING btree (course_id);
CREATE INDEX enablement_lessondone_lesson_id_f9c50452 ON public.enablement_lessondone USING btree (lesson_id);
CREATE INDEX enablement_lessondone_reseller_id_a042aa41 ON public.enablement_lessondone USING btree (reseller_id);
CREATE INDEX enablement_lotorigin_lot_id_d8b9ca81 ON public.enablement_lotorigin USING btree (lot_id);
CREATE INDEX enablement_lotorigin_receipt_line_id_f55b9274 ON public.enablement_lotorigin USING btree (receipt_line_id);
CREATE INDEX enablement_lotorigin_vendor_id_bca1baf8 ON public.enablement_lotorigin USING btree (vendor_id);
CREATE INDEX enablement_planline_order_id_2799af05 ON public.enablement_planline USING btree (order_id);
CREATE INDEX enablement_planline_plan_id_7f3ee700 ON public.enablement_planline USING btree (plan_id);
CREATE INDEX enablement_planline_vendor_id_31e239af ON public.enablement_planline USING btree (vendor_id);
CREATE INDEX enablement_planpart_plan_id_24240ef8 ON public.enablement_planpart USING btree (plan_id);
CREATE INDEX enablement_planpart_reseller_id_ce5a9f17 ON public.enablement_planpart USING btree (reseller_id);
CREATE INDEX enablement_planshare_plan_id_c5b80245 ON public.enablement_planshare USING btree (plan_id);
CREATE INDEX enablement_planshare_reseller_id_9493d9c0 ON public.enablement_planshare USING btree (reseller_id);
CREATE INDEX enablement_pricebreak_offer_id_0ad8140b ON public.enablement_pricebreak USING btree (offer_id);
CREATE INDEX enablement_purchasecharge_actor_id_a827fbbe ON public.enablement_purchasecharge USING btree (actor_id);
CREATE INDEX enablement_purchasecharge_order_id_0005d761 ON public.enablement_purchasecharge USING btree (order_id);
CREATE INDEX enablement_purchaseline_order_id_0673684d ON public.enablement_purchaseline USING btree (order_id);
CREATE INDEX enablement_purchaseline_variant_id_f5155edd ON public.enablement_purchaseline USING btree (variant_id);
CREATE INDEX enablement_purchasenote_actor_id_7cfd9ee9 ON public.enablement_purchasenote USING btree (actor_id);
CREATE INDEX enablement_purchasenote_order_id_e724c4b3 ON public.enablement_purchasenote USING btree (order_id);
CREATE INDEX enablement_purchaseorder_actor_id_aab2a0cd ON public.enablement_purchaseorder USING btree (actor_id);
CREATE INDEX enablement_purchaseorder_number_a1240f0a_like ON public.enablement_purchaseorder USING btree (number varchar_pattern_ops);
CREATE INDEX enablement_purchaseorder_vendor_id_7169cdad ON public.enablement_purchaseorder USING btree (vendor_id);
CREATE INDEX enablement_purchaseorder_warehouse_id_639f6a1e ON public.enablement_purchaseorder USING btree (warehouse_id);
CREATE INDEX enablement_purchaseplan_actor_id_c1c84f7c ON public.enablement_purchaseplan USING btree (actor_id);
CREATE INDEX enablement_purchaseplan_number_c94e3a8f_like ON public.enablement_purchaseplan USING btree (number varchar_pattern_ops);
CREATE INDEX enablement_purchaseplan_warehouse_id_58307bfd ON public.enablement_purchaseplan USING btree (warehouse_id);
CREATE INDEX enablement_question_course_id_f1607691 ON public.enablement_question USING btree (course_id);
CREATE INDEX enablement_quote_actor_id_f947e345 ON public.enablement_quote USING btree (actor_id);
CREATE INDEX enablement_quote_request_id_f940dbca ON public.enablement_quote USING btree (request_id);
CREATE INDEX enablement_quote_vendor_id_99067f83 ON public.enablement_quote USING btree (vendor_id);
CREATE INDEX enablement_quoteitem_request_id_420ccc6c ON public.enablement_quoteitem USING btree (request_id);
CREATE INDEX enablement_quoteitem_variant_id_aa48baa2 ON public.enablement_quoteitem USING btree (variant_id);
CREATE INDEX enablement_quoteline_item_id_226e0c82 ON public.enablement_quoteline USING btree (item_id);
CREATE INDEX enablement_quoteline_order_id_29b07ef6 ON public.enablement_quoteline USING btree (order_id);
CREATE INDEX enablement_quoteline_quote_id_62fc39ff ON public.enablement_quoteline USING btree (quote_id);
CREATE INDEX enablement_quotenote_actor_id_f7b0621d ON public.enablement_quotenote USING btree (actor_id);
CREATE INDEX enablement_quotenote_quote_id_993bc034 ON public.enablement_quotenote USING btree (quote_id);
CREATE INDEX enablement_quotenote_request_id_80fbd18c ON public.enablement_quotenote USING btree (request_id);
CREATE INDEX enablement_quoterequest_actor_id_03dcc25b ON public.enablement_quoterequest USING btree (actor_id);
CREATE INDEX enablement_quoterequest_number_698d3ba7_like ON public.enablement_quoterequest USING btree (number varchar_pattern_ops);
CREATE INDEX enablement_quoterequest_warehouse_id_2ab0d012 ON public.enablement_quoterequest USING btree (warehouse_id);
CREATE INDEX enablement_recall_actor_id_c977416d ON public.enablement_recall USING btree (actor_id);
CREATE INDEX enablement_recall_lots_lot_id_7422d2c9 ON public.enablement_recall_lots USING btree (lot_id);
CREATE INDEX enablement_recall_lots_recall_id_fdc5a7a3 ON public.enablement_recall_lots USING btree (recall_id);
CREATE INDEX enablement_recall_number_bddfea85_like ON public.enablement_recall USING btree (number varchar_pattern_ops);
CREATE INDEX enablement_receipt_actor_id_1b2ece1b ON public.enablement_receipt USING btree (actor_id);
CREATE INDEX enablement_receipt_order_id_96ed715a ON public.enablement_receipt USING btree (order_id);
CREATE INDEX enablement_receiptline_line_id_4d90a05c ON public.enablement_receiptline USING btree (line_id);
CREATE INDEX enablement_receiptline_receipt_id_de1f72a1 ON public.enablement_receiptline USING btree (receipt_id);
CREATE INDEX enablement_receiptline_variant_id_840b59e0 ON public.enablement_receiptline USING btree (variant_id);
CREATE INDEX enablement_resellertier_by_course_id_491862f5 ON public.enablement_resellertier USING btree (by_course_id);
CREATE INDEX enablement_review_moderator_id_ee28678c ON public.enablement_review USING btree (moderator_id);
CREATE INDEX enablement_rounditem_round_id_4fbc3575 ON public.enablement_rounditem USING btree (round_id);
CREATE INDEX enablement_rounditem_variant_id_78ae4b04 ON public.enablement_rounditem USING btree (variant_id);
CREATE INDEX enablement_servicebooking_option_id_72bfd7ca ON public.enablement_servicebooking USING btree (option_id);
CREATE INDEX enablement_servicebooking_provider_id_45cce563 ON public.enablement_servicebooking USING btree (provider_id);
CREATE INDEX enablement_serviceoffer_provider_id_6174c89a ON public.enablement_serviceoffer USING btree (provider_id);
CREATE INDEX enablement_serviceoffer_task_id_44a6a641 ON public.enablement_serviceoffer USING btree (task_id);
CREATE INDEX enablement_serviceoption_category_id_9ce785d1 ON public.enablement_serviceoption USING btree (category_id);
CREATE INDEX enablement_serviceoption_product_id_43a41e94 ON public.enablement_serviceoption USING btree (product_id);
CREATE INDEX enablement_serviceoptout_option_id_6a65b9b4 ON public.enablement_serviceoptout USING btree (option_id);
CREATE INDEX enablement_serviceoptout_reseller_id_1e37d8f4 ON public.enablement_serviceoptout USING btree (reseller_id);
CREATE INDEX enablement_serviceprovider_vetted_by_id_8db4d35c ON public.enablement_serviceprovider USING btree (vetted_by_id);
CREATE INDEX enablement_servicerate_provider_id_e3588b52 ON public.enablement_servicerate USING btree (provider_id);
CREATE INDEX enablement_servicestatement_actor_id_1fe82e5b ON public.enablement_servicestatement USING btree (actor_id);
CREATE INDEX enablement_servicestatement_number_70384106_like ON public.enablement_servicestatement USING btree (number varchar_pattern_ops);
CREATE INDEX enablement_servicestatement_provider_id_9cde503a ON public.enablement_servicestatement USING btree (provider_id);
CREATE INDEX enablement_servicetask_actor_id_045ed0cf ON public.enablement_servicetask USING btree (actor_id);
CREATE INDEX enablement_servicetask_number_641dcc16_like ON public.enablement_servicetask USING btree (number varchar_pattern_ops);
CREATE INDEX enablement_servicetask_product_id_39e66854 ON public.enablement_servicetask USING btree (product_id);
CREATE INDEX enablement_servicetask_provider_id_a64d1087 ON public.enablement_servicetask USING btree (provider_id);
CREATE INDEX enablement_servicetask_reseller_id_85f8cd9a ON public.enablement_servicetask USING btree (reseller_id);
CREATE INDEX enablement_servicetask_statement_id_80199066 ON public.enablement_servicetask USING btree (statement_id);
CREATE INDEX enablement_vendorbill_approved_by_id_1c0aff99 ON public.enablement_vendorbill USING btree (approved_by_id);
CREATE INDEX enablement_vendorbill_entered_by_id_66109e1a ON public.enablement_vendorbill USING btree (entered_by_id);
CREATE INDEX enablement_vendorbill_order_id_623b8471 ON public.enablement_vendorbill USING btree (order_id);
CREATE INDEX enablement_vendorbill_payment_id_7c76e097 ON public.enablement_vendorbill USING btree (payment_id);
CREATE INDEX enablement_vendorbill_vendor_id_aa36f5c2 ON public.enablement_vendorbill USING btree (vendor_id);
CREATE INDEX enablement_vendoroffer_variant_id_48e93a0d ON public.enablement_vendoroffer USING btree (variant_id);
CREATE INDEX enablement_vendoroffer_vendor_id_8bc587fa ON public.enablement_vendoroffer USING btree (vendor_id);
CREATE INDEX enablement_vendorpaper_actor_id_b2b15e20 ON public.enablement_vendorpaper USING btree (actor_id);
CREATE INDEX enablement_vendorpaper_vendor_id_79910730 ON public.enablement_vendorpaper USING btree (vendor_id);
CREATE INDEX enablement_vendorpayment_made_by_id_7f5ca490 ON public.enablement_vendorpayment USING btree (made_by_id);
CREATE INDEX enablement_vendorpayment_number_983031ce_like ON public.enablement_vendorpayment USING btree (number varchar_pattern_ops);
CREATE INDEX enablement_vetting_actor_id_b63b9865 ON public.enablement_vetting USING btree (actor_id);
CREATE INDEX forecast_of_shop ON public.enablement_forecast USING btree (reseller_id);
CREATE INDEX fulfilment_assignee ON public.supplier_fulfilmentorder USING btree (assignee_id) WHERE (assignee_id IS NOT NULL);
CREATE INDEX fulfilment_line_waiting ON public.supplier_fulfilmentline USING btree (variant_id, id) WHERE (waiting > 0);
CREATE UNIQUE INDEX fulfilment_number ON public.supplier_fulfilmentorder USING btree (number varchar_pattern_ops);
CREATE INDEX fulfilment_queue ON public.supplier_fulfilmentorder USING btree (warehouse_id, state, created_at);
CREATE INDEX import_row_state ON public.supplier_importrow USING btree (job_id, state, number);
CREATE INDEX inspection_due ON public.enablement_inspection USING btree (due_at) WHERE ((state)::text = 'due'::text);
CREATE UNIQUE INDEX inspection_due_once ON public.enablement_inspection USING btree (lot_id) WHERE ((state)::text = 'due'::text);
CREATE UNIQUE INDEX inspection_original_once ON public.enablement_inspection USING btree (lot_id) WHERE original;
CREATE INDEX inspection_series ON public.enablement_inspection USING btree (vendor_id, variant_id, id DESC);
CREATE INDEX inspection_variant ON public.enablement_inspection USING btree (variant_id, id DESC) WHERE ((state)::text = 'accepted'::text);
CREATE UNIQUE INDEX invitation_open_once ON public.accounts_invitation USING btree (email, reseller_id) NULLS NOT DISTINCT WHERE (accepted_at IS NULL);
CREATE INDEX invoice_of_reseller ON public.supplier_invoice USING btree (reseller_id, id DESC);
CREATE INDEX job_all ON public.jobs_job USING btree (reseller_id, id DESC);
CREATE UNIQUE INDEX job_key_once ON public.jobs_job USING btree (actor_id, key) WHERE (NOT ((key)::text = ''::text));
CREATE INDEX job_of ON public.jobs_job USING btree (reseller_id, actor_id, id DESC);
CREATE INDEX job_open ON public.jobs_job USING btree (id) WHERE ((state)::text = ANY (ARRAY[('gathering'::character varying)::text, ('working'::character varying)::text]));
CREATE INDEX job_row_by_state ON public.jobs_jobrow USING btree (job_id, state, row_id);
CREATE INDEX jobs_job_actor_id_81ee7fdc ON public.jobs_job USING btree (actor_id);
CREATE INDEX jobs_job_reseller_id_65608866 ON public.jobs_job USING btree (reseller_id);
CREATE INDEX jobs_job_token_76fe4ffa_like ON public.jobs_job USING btree (token varchar_pattern_ops);
CREATE INDEX jobs_jobrow_job_id_c12f71f2 ON public.jobs_jobrow USING btree (job_id);
CREATE UNIQUE INDEX journal_key ON public.supplier_journal USING btree (key varchar_pattern_ops);
CREATE INDEX journal_number ON public.supplier_journal USING btree (order_number varchar_pattern_ops);
CREATE INDEX journal_of_order ON public.supplier_journal USING btree (reseller_id, order_number);
CREATE INDEX journal_recent ON public.supplier_journal USING btree (at DESC, id DESC);
CREATE UNIQUE INDEX journal_reversed_once ON public.supplier_journal USING btree (reverses_id) WHERE (reverses_id IS NOT NULL);
CREATE UNIQUE INDEX kit_in_a_shop_once ON public.enablement_kituse USING btree (reseller_id, kit_id) WHERE (ended_at IS NULL);
CREATE INDEX lot_code ON public.supplier_lot USING btree (code);
CREATE INDEX lot_expires ON public.supplier_lot USING btree (expires_on) WHERE ((state)::text = 'free'::text);
CREATE INDEX lot_movement_of_lot ON public.supplier_lotmovement USING btree (lot_id, id DESC);
CREATE INDEX lot_movement_transfer ON public.supplier_lotmovement USING btree (cause) WHERE ((kind)::text = 'transfer'::text);
CREATE INDEX lot_not_free ON public.supplier_lot USING btree (id) WHERE (NOT ((state)::text = 'free'::text));
CREATE INDEX lot_pick_open ON public.supplier_lotpick USING btree (lot_id) WHERE (shipment_id IS NULL);
CREATE INDEX lot_pick_trace ON public.supplier_lotpick USING btree (lot_id, shipment_id DESC);
CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);
CREATE INDEX movement_of_variant ON public.supplier_movement USING btree (variant_id, warehouse_id, id DESC);
CREATE INDEX order_note_actor ON public.supplier_ordernote USING btree (actor_id) WHERE (actor_id IS NOT NULL);
CREATE INDEX order_note_kind ON public.supplier_ordernote USING btree (kind, at DESC);
CREATE INDEX outbox_dead ON public.outbox_outboxevent USING btree (state, id DESC) WHERE ((state)::text = 'dead'::text);
CREATE INDEX outbox_due ON public.outbox_outboxevent USING btree (next_at, id) WHERE ((state)::text = 'pending'::text);
CREATE INDEX outbox_jobrun_name_7783a333_like ON public.outbox_jobrun USING btree (name varchar_pattern_ops);
CREATE INDEX outbox_oldest ON public.outbox_outboxevent USING btree (id) WHERE ((state)::text = 'pending'::text);
CREATE INDEX outbox_open_by_key ON public.outbox_outboxevent USING btree (key, id) WHERE ((state)::text = ANY (ARRAY[('pending'::character varying)::text, ('dead'::character varying)::text]));
CREATE INDEX outbox_recent ON public.outbox_outboxevent USING brin (created_at) WITH (autosummarize='on', pages_per_range='32');
CREATE INDEX past_forecast_day ON public.enablement_pastforecast USING btree (day);
CREATE UNIQUE INDEX payout_account_stripe_once ON public.supplier_payoutaccount USING btree (stripe_id) WHERE (NOT ((stripe_id)::text = ''::text));
CREATE UNIQUE INDEX payout_hold_once ON public.supplier_payouthold USING btree (order_id, cause) WHERE (released_at IS NULL);
CREATE INDEX payout_of_reseller ON public.supplier_payout USING btree (reseller_id, id DESC);
CREATE INDEX payout_open ON public.supplier_payout USING btree (state) WHERE ((state)::text = ANY (ARRAY[('created'::character varying)::text, ('sent'::character varying)::text, ('unresolved'::character varying)::text]));
CREATE INDEX payout_provider ON public.supplier_payout USING btree (provider_id) WHERE (NOT ((provider_id)::text = ''::text));
CREATE INDEX payout_recent ON public.supplier_payout USING btree (created_at DESC, id DESC);
CREATE INDEX product_search ON public.supplier_product USING gin (search_text public.gin_trgm_ops);
CREATE INDEX product_status ON public.supplier_product USING btree (status, id DESC);
CREATE UNIQUE INDEX provider_email_once ON public.enablement_serviceprovider USING btree (lower((email)::text));
CREATE INDEX provider_entry_open ON public.supplier_providerentry USING btree (id) WHERE ((state)::text = 'open'::text);
CREATE INDEX provider_entry_order ON public.supplier_providerentry USING btree (order_number) WHERE (NOT ((order_number)::text = ''::text));
CREATE INDEX provider_entry_recent ON public.supplier_providerentry USING btree (booked_at DESC, id DESC);
CREATE INDEX purchase_state ON public.enablement_purchaseorder USING btree (state, id DESC);
CREATE UNIQUE INDEX quote_item_awarded_once ON public.enablement_quoteline USING btree (item_id) WHERE (awarded_at IS NOT NULL);
CREATE INDEX quote_request_state ON public.enablement_quoterequest USING btree (state, id DESC);
CREATE INDEX recall_waiting ON public.enablement_recallorder USING btree (recall_id, id) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX receipt_line_variant ON public.enablement_receiptline USING btree (variant_id, id DESC);
CREATE INDEX reservation_due ON public.supplier_reservation USING btree (expires_at) WHERE ((state)::text = 'held'::text);
CREATE INDEX reservation_unanswered ON public.supplier_reservation USING btree (id) WHERE ((answered_at IS NULL) AND ((state)::text = ANY (ARRAY[('held'::character varying)::text, ('released'::character varying)::text, ('expired'::character varying)::text])));
CREATE INDEX return_claims ON public.supplier_returnorder USING btree (claim_state) WHERE (NOT ((claim_state)::text = ''::text));
CREATE INDEX return_queue ON public.supplier_returnorder USING btree (state, created_at);
CREATE INDEX review_shown ON public.enablement_review USING btree (product_id, id DESC) WHERE ((state)::text = 'shown'::text);
CREATE INDEX review_waiting ON public.enablement_review USING btree (id) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX round_due ON public.enablement_buyinground USING btree (state, closes_at);
CREATE INDEX sales_fact_of_shop ON ONLY public.enablement_salesfact USING btree (reseller_id, day);
CREATE INDEX sales_fact_written ON ONLY public.enablement_salesfact USING brin (tx) WITH (autosummarize='on', pages_per_range='32');
CREATE INDEX sales_order_cash ON public.supplier_salesorder USING btree (placed_at DESC, id DESC) WHERE (((cash)::text = ''::text) AND ((method)::text = 'cod'::text));
CREATE INDEX sales_order_name ON public.supplier_salesorder USING gin (recipient_name public.gin_trgm_ops);
CREATE UNIQUE INDEX sales_order_once ON public.supplier_salesorder USING btree (order_number varchar_pattern_ops, reseller_id);
CREATE INDEX sales_order_recent ON public.supplier_salesorder USING btree (placed_at DESC, id DESC);
CREATE INDEX sales_order_reseller ON public.supplier_salesorder USING btree (reseller_id, placed_at DESC);
CREATE INDEX sales_order_status ON public.supplier_salesorder USING btree (status, placed_at DESC, id DESC);
CREATE INDEX sales_order_to_be_due ON public.supplier_salesorder USING btree (id) WHERE ((due_at IS NULL) AND ((status)::text = ANY (ARRAY[('shipped'::character varying)::text, ('cancelled'::character varying)::text])));
CREATE INDEX sales_sum_of_shop ON public.enablement_salessum USING btree (thing_id, day) WHERE ((grain)::text = 'reseller'::text);
CREATE UNIQUE INDEX saved_view_name_once ON public.accounts_savedview USING btree (user_id, reseller_id, "table", name) NULLS NOT DISTINCT WHERE (removed_at IS NULL);
CREATE INDEX saved_view_of_list ON public.accounts_savedview USING btree (reseller_id, "table", name);
CREATE UNIQUE INDEX serial_in_one_tote ON public.supplier_lotpick USING btree (lot_id) WHERE (serial AND (shipment_id IS NULL));
CREATE INDEX service_booking_kept ON public.enablement_servicebooking USING btree (provider_id, "on") WHERE (provider_id IS NOT NULL);
CREATE INDEX service_offer_due ON public.enablement_serviceoffer USING btree (until) WHERE ((state)::text = 'open'::text);
CREATE UNIQUE INDEX service_offer_one_at_a_time ON public.enablement_serviceoffer USING btree (task_id) WHERE ((state)::text = 'open'::text);
CREATE INDEX service_offer_provider ON public.enablement_serviceoffer USING btree (provider_id, id DESC);
CREATE INDEX service_statement_batch ON public.enablement_servicestatement USING btree (batch);
CREATE INDEX service_task_provider ON public.enablement_servicetask USING btree (provider_id, "on");
CREATE INDEX service_task_reseller ON public.enablement_servicetask USING btree (reseller_id, id DESC);
CREATE INDEX service_task_state ON public.enablement_servicetask USING btree (state, "on");
CREATE INDEX settlement_of_reseller ON public.supplier_settlement USING btree (reseller_id, currency, id DESC);
CREATE UNIQUE INDEX settlement_run_open_once ON public.supplier_settlementrun USING btree (currency) WHERE ((state)::text = ANY (ARRAY[('building'::character varying)::text, ('draft'::character varying)::text, ('reviewed'::character varying)::text, ('releasing'::character varying)::text]));
CREATE INDEX settlement_run_recent ON public.supplier_settlementrun USING btree (until DESC, id DESC);
CREATE INDEX shipment_tracking ON public.supplier_shipment USING btree (tracking) WHERE (NOT ((tracking)::text = ''::text));
CREATE INDEX stock_buckets ON public.supplier_stock USING btree (variant_id, warehouse_id) WHERE (bucket > 0);
CREATE INDEX supplier_account_reseller_id_cbab59d0 ON public.supplier_account USING btree (reseller_id);
CREATE INDEX supplier_accountsum_seal_id_21da9653 ON public.supplier_accountsum USING btree (seal_id);
CREATE INDEX supplier_arrival_actor_id_7ddf1128 ON public.supplier_arrival USING btree (actor_id);
CREATE INDEX supplier_arrival_variant_id_8625007b ON public.supplier_arrival USING btree (variant_id);
CREATE INDEX supplier_arrival_warehouse_id_5297192c ON public.supplier_arrival USING btree (warehouse_id);
CREATE INDEX supplier_bankfile_made_by_id_298029fa ON public.supplier_bankfile USING btree (made_by_id);
CREATE INDEX supplier_bankfile_number_fa76d9b8_like ON public.supplier_bankfile USING btree (number varchar_pattern_ops);
CREATE INDEX supplier_bankrefund_actor_id_47bc22c5 ON public.supplier_bankrefund USING btree (actor_id);
CREATE INDEX supplier_bankrefund_file_id_f53cab24 ON public.supplier_bankrefund USING btree (file_id);
CREATE INDEX supplier_bankrefund_order_id_d12e2c66 ON public.supplier_bankrefund USING btree (order_id);
CREATE INDEX supplier_bundlepart_bundle_id_7486c634 ON public.supplier_bundlepart USING btree (bundle_id);
CREATE INDEX supplier_bundlepart_component_id_98c30227 ON public.supplier_bundlepart USING btree (component_id);
CREATE INDEX supplier_category_path_fbb12271_like ON public.supplier_category USING btree (path varchar_pattern_ops);
CREATE INDEX supplier_category_slug_acd427b2_like ON public.supplier_category USING btree (slug varchar_pattern_ops);
CREATE INDEX supplier_clawback_actor_id_f08e6606 ON public.supplier_clawback USING btree (actor_id);
CREATE INDEX supplier_clawback_key_da23e8bb_like ON public.supplier_clawback USING btree (key varchar_pattern_ops);
CREATE INDEX supplier_clawback_payout_id_534b311b ON public.supplier_clawback USING btree (payout_id);
CREATE INDEX supplier_dispute_provider_id_86f0bc0e_like ON public.supplier_dispute USING btree (provider_id varchar_pattern_ops);
CREATE INDEX supplier_dispute_reseller_id_6e036592 ON public.supplier_dispute USING btree (reseller_id);
CREATE INDEX supplier_erasedfile_name_75c4aa31_like ON public.supplier_erasedfile USING btree (name varchar_pattern_ops);
CREATE INDEX supplier_fulfilmentline_fulfilment_id_df46e15b ON public.supplier_fulfilmentline USING btree (fulfilment_id);
CREATE INDEX supplier_fulfilmentline_line_id_2712a806 ON public.supplier_fulfilmentline USING btree (line_id);
CREATE INDEX supplier_importjob_created_by_id_618fb72f ON public.supplier_importjob USING btree (created_by_id);
CREATE INDEX supplier_importjob_token_b84f9377_like ON public.supplier_importjob USING btree (token varchar_pattern_ops);
CREATE INDEX supplier_importrow_job_id_f8bb38a4 ON public.supplier_importrow USING btree (job_id);
CREATE INDEX supplier_invoice_number_42d58be2_like ON public.supplier_invoice USING btree (number varchar_pattern_ops);
CREATE INDEX supplier_invoice_reseller_id_f6e7d872 ON public.supplier_invoice USING btree (reseller_id);
CREATE INDEX supplier_invoice_settlement_id_dfa0697f ON public.supplier_invoice USING btree (settlement_id);
CREATE INDEX supplier_lotpick_line_id_ecd45c12 ON public.supplier_lotpick USING btree (line_id);
CREATE INDEX supplier_lotpick_order_id_601f2d94 ON public.supplier_lotpick USING btree (order_id);
CREATE INDEX supplier_lotpick_shipment_id_b693ee66 ON public.supplier_lotpick USING btree (shipment_id);
CREATE INDEX supplier_media_product_id_401f6858 ON public.supplier_media USING btree (product_id);
CREATE INDEX supplier_media_variant_id_e80b73fc ON public.supplier_media USING btree (variant_id);
CREATE INDEX supplier_movement_actor_id_bf673b92 ON public.supplier_movement USING btree (actor_id);
CREATE INDEX supplier_movement_variant_id_9a5921ea ON public.supplier_movement USING btree (variant_id);
CREATE INDEX supplier_movement_warehouse_id_6a3a5abb ON public.supplier_movement USING btree (warehouse_id);
CREATE INDEX supplier_numbering_series_1ad1eef1_like ON public.supplier_numbering USING btree (series varchar_pattern_ops);
CREATE INDEX supplier_ordernote_order_id_c0e1580d ON public.supplier_ordernote USING btree (order_id);
CREATE INDEX supplier_paperparty_changed_by_id_3f0475d2 ON public.supplier_paperparty USING btree (changed_by_id);
CREATE INDEX supplier_paperparty_reseller_id_eaeeb086 ON public.supplier_paperparty USING btree (reseller_id);
CREATE INDEX supplier_payout_file_id_5121f74c ON public.supplier_payout USING btree (file_id);
CREATE INDEX supplier_payout_key_5680c45a_like ON public.supplier_payout USING btree (key varchar_pattern_ops);
CREATE INDEX supplier_payout_reseller_id_6c1b9600 ON public.supplier_payout USING btree (reseller_id);
CREATE INDEX supplier_payoutaccount_changed_by_id_3331f70e ON public.supplier_payoutaccount USING btree (changed_by_id);
CREATE INDEX supplier_payouthold_actor_id_f1f9b776 ON public.supplier_payouthold USING btree (actor_id);
CREATE INDEX supplier_payouthold_order_id_636c31be ON public.supplier_payouthold USING btree (order_id);
CREATE INDEX supplier_product_category_id_fcab0966 ON public.supplier_product USING btree (category_id);
CREATE INDEX supplier_product_code_f8c1ecab_like ON public.supplier_product USING btree (code varchar_pattern_ops);
CREATE INDEX supplier_product_slug_bb394dfb_like ON public.supplier_product USING btree (slug varchar_pattern_ops);
CREATE INDEX supplier_providerentry_explained_by_id_13220d31 ON public.supplier_providerentry USING btree (explained_by_id);
CREATE INDEX supplier_providerentry_provider_id_8eb6e6ca_like ON public.supplier_providerentry USING btree (provider_id varchar_pattern_ops);
CREATE INDEX supplier_reservation_reseller_id_e65b7744 ON public.supplier_reservation USING btree (reseller_id);
CREATE INDEX supplier_reservationline_reservation_id_158065e5 ON public.supplier_reservationline USING btree (reservation_id);
CREATE INDEX supplier_reservationline_stock_id_b9c02baa ON public.supplier_reservationline USING btree (stock_id);
CREATE INDEX supplier_reservationline_variant_id_21098390 ON public.supplier_reservationline USING btree (variant_id);
CREATE INDEX supplier_reservationline_warehouse_id_f39675ec ON public.supplier_reservationline USING btree (warehouse_id);
CREATE INDEX supplier_returnline_line_id_091dd5e4 ON public.supplier_returnline USING btree (line_id);
CREATE INDEX supplier_returnline_return_order_id_f4473000 ON public.supplier_returnline USING btree (return_order_id);
CREATE INDEX supplier_returnline_variant_id_f8711637 ON public.supplier_returnline USING btree (variant_id);
CREATE INDEX supplier_returnorder_inspector_id_53db21a6 ON public.supplier_returnorder USING btree (inspector_id);
CREATE INDEX supplier_returnorder_number_f5f1fbf0_like ON public.supplier_returnorder USING btree (number varchar_pattern_ops);
CREATE INDEX supplier_returnorder_order_id_64f9f73c ON public.supplier_returnorder USING btree (order_id);
CREATE INDEX supplier_returnorder_reseller_id_d13af625 ON public.supplier_returnorder USING btree (reseller_id);
CREATE INDEX supplier_returnorder_warehouse_id_fdf12142 ON public.supplier_returnorder USING btree (warehouse_id);
CREATE INDEX supplier_salesrefund_key_604ba427_like ON public.supplier_salesrefund USING btree (key varchar_pattern_ops);
CREATE INDEX supplier_salesrefund_order_id_d7695f57 ON public.supplier_salesrefund USING btree (order_id);
CREATE INDEX supplier_settlement_number_6dfc4956_like ON public.supplier_settlement USING btree (number varchar_pattern_ops);
CREATE INDEX supplier_settlement_reseller_id_26c9faf5 ON public.supplier_settlement USING btree (reseller_id);
CREATE INDEX supplier_settlement_run_id_ae824eab ON public.supplier_settlement USING btree (run_id);
CREATE INDEX supplier_settlementrun_made_by_id_1df9e78f ON public.supplier_settlementrun USING btree (made_by_id);
CREATE INDEX supplier_settlementrun_number_b8a60c77_like ON public.supplier_settlementrun USING btree (number varchar_pattern_ops);
CREATE INDEX supplier_settlementrun_released_by_id_2c60ac94 ON public.supplier_settlementrun USING btree (released_by_id);
CREATE INDEX supplier_settlementrun_reviewed_by_id_788fbd1e ON public.supplier_settlementrun USING btree (reviewed_by_id);
CREATE INDEX supplier_shipment_actor_id_9e953b0a ON public.supplier_shipment USING btree (actor_id);
CREATE INDEX supplier_shipment_fulfilment_id_bf579312 ON public.supplier_shipment USING btree (fulfilment_id);
CREATE INDEX supplier_shipment_number_ab1d242c_like ON public.supplier_shipment USING btree (number varchar_pattern_ops);
CREATE INDEX supplier_shipment_request_key_4abcb98f_like ON public.supplier_shipment USING btree (request_key varchar_pattern_ops);
CREATE INDEX supplier_shipmentline_fulfilment_line_id_e8b096ce ON public.supplier_shipmentline USING btree (fulfilment_line_id);
CREATE INDEX supplier_shipmentline_shipment_id_9401aa0c ON public.supplier_shipmentline USING btree (shipment_id);
CREATE INDEX supplier_statementline_settlement_id_8546e4f3 ON public.supplier_statementline USING btree (settlement_id);
CREATE INDEX supplier_stock_variant_id_c3f4bbc1 ON public.supplier_stock USING btree (variant_id);
CREATE INDEX supplier_stock_warehouse_id_1ef8d6b8 ON public.supplier_stock USING btree (warehouse_id);
CREATE INDEX supplier_stockcount_actor_id_81084fdc ON public.supplier_stockcount USING btree (actor_id);
CREATE INDEX supplier_stockcount_number_87eef4c9_like ON public.supplier_stockcount USING btree (number varchar_pattern_ops);
CREATE INDEX supplier_stockcount_warehouse_id_9425feb9 ON public.supplier_stockcount USING btree (warehouse_id);
CREATE INDEX supplier_stockcountline_sheet_id_c87d2004 ON public.supplier_stockcountline USING btree (sheet_id);
CREATE INDEX supplier_stockcountline_variant_id_a656fefb ON public.supplier_stockcountline USING btree (variant_id);
CREATE INDEX supplier_stocktransfer_actor_id_969a53e4 ON public.supplier_stocktransfer USING btree (actor_id);
CREATE INDEX supplier_stocktransfer_number_26283565_like ON public.supplier_stocktransfer USING btree (number varchar_pattern_ops);
CREATE INDEX supplier_stocktransfer_source_id_6e33eb88 ON public.supplier_stocktransfer USING btree (source_id);
CREATE INDEX supplier_stocktransfer_target_id_8b702986 ON public.supplier_stocktransfer USING btree (target_id);
CREATE INDEX supplier_stocktransferline_transfer_id_efc09bf9 ON public.supplier_stocktransferline USING btree (transfer_id);
CREATE INDEX supplier_stocktransferline_variant_id_7aa5b2ac ON public.supplier_stocktransferline USING btree (variant_id);
CREATE INDEX supplier_terms_reseller_id_d303b165 ON public.supplier_terms USING btree (reseller_id);
CREATE INDEX supplier_transfer_credit_id_7c63778c ON public.supplier_transfer USING btree (credit_id);
CREATE INDEX supplier_transfer_debit_id_9ef1457a ON public.supplier_transfer USING btree (debit_id);
CREATE INDEX supplier_transfer_journal_id_21a37014 ON public.supplier_transfer USING btree (journal_id);
CREATE INDEX supplier_unusedpayment_payment_intent_272df167_like ON public.supplier_unusedpayment USING btree (payment_intent varchar_pattern_ops);
CREATE INDEX supplier_unusedpayment_reseller_id_8b56a129 ON public.supplier_unusedpayment USING btree (reseller_id);
CREATE INDEX supplier_variant_product_id_3abe3f28 ON public.supplier_variant USING btree (product_id);
CREATE INDEX supplier_variant_sku_6e4b8c95_like ON public.supplier_variant USING btree (sku varchar_pattern_ops);
CREATE INDEX supplier_warehouse_code_672b162d_like ON public.supplier_warehouse USING btree (code varchar_pattern_ops);
CREATE INDEX tenancy_domain_tenant_id_5e325699 ON public.tenancy_domain USING btree (tenant_id);
CREATE INDEX tenancy_reseller_schema_name_7c286f62_like ON public.tenancy_reseller USING btree (schema_name varchar_pattern_ops);
CREATE INDEX tenancy_reseller_slug_a82c17d2_like ON public.tenancy_reseller USING btree (slug varchar_pattern_ops);
CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY (ARRAY[('totp'::character varying)::text, ('recovery_codes'::character varying)::text]));
CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";
CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;
CREATE INDEX variant_of_product ON public.supplier_variant USING btree (product_id, "position");
CREATE INDEX vendor_bill_due ON public.enablement_vendorbill USING btree (state, due_on);
CREATE UNIQUE INDEX vendor_bill_once ON public.enablement_vendorbill USING btree (vendor_id, upper((number)::text));
CREATE UNIQUE INDEX vendor_name_once ON public.enablement_vendor USING btree (lower((name)::text));
CREATE INDEX visits_of_shops ON public.enablement_visits USING btree (day) INCLUDE (count) WHERE ((kind)::text = 'shop'::text);
CREATE INDEX visits_of_things ON public.enablement_visits USING btree (kind, thing_id, day) WHERE (NOT ((kind)::text = 'shop'::text));
CREATE TRIGGER announcement_is_kept BEFORE DELETE ON public.enablement_announcement FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER announcement_read_stays BEFORE DELETE OR UPDATE ON public.enablement_announcementread FOR EACH ROW EXECUTE FUNCTION public.enablement_read_stays();
CREATE TRIGGER announcement_stays BEFORE UPDATE ON public.enablement_announcement FOR EACH ROW EXECUTE FUNCTION public.enablement_announcement_stays();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.accounts_auditentry FOR EACH ROW EXECUTE FUNCTION public.accounts_audit_append_only();
CREATE TRIGGER benchmark_only_added BEFORE DELETE OR UPDATE ON public.enablement_benchmark FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER bill_goes_on BEFORE UPDATE ON public.enablement_vendorbill FOR EACH ROW EXECUTE FUNCTION public.enablement_bill_goes_on();
CREATE TRIGGER bill_is_kept BEFORE DELETE ON public.enablement_vendorbill FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER bill_line_stays BEFORE DELETE OR UPDATE ON public.enablement_billline FOR EACH ROW EXECUTE FUNCTION public.enablement_bill_line_stays();
CREATE TRIGGER booking_goes_on BEFORE UPDATE ON public.enablement_servicebooking FOR EACH ROW EXECUTE FUNCTION public.enablement_booking_goes_on();
CREATE TRIGGER booking_is_kept BEFORE DELETE ON public.enablement_servicebooking FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER booking_place_is_free BEFORE INSERT OR UPDATE OF provider_id, "on" ON public.enablement_servicebooking FOR EACH ROW WHEN ((new.provider_id IS NOT NULL)) EXECUTE FUNCTION public.enablement_booking_place_is_free();
CREATE CONSTRAINT TRIGGER charge_is_shared AFTER INSERT ON public.enablement_purchasecharge DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.enablement_charge_is_shared();
CREATE TRIGGER chargepart_only_added BEFORE DELETE OR UPDATE ON public.enablement_chargepart FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER commitment_stays BEFORE INSERT OR DELETE OR UPDATE ON public.enablement_commitment FOR EACH ROW EXECUTE FUNCTION public.enablement_commitment_stays();
CREATE TRIGGER complaint_stays BEFORE DELETE OR UPDATE ON public.enablement_complaint FOR EACH ROW EXECUTE FUNCTION public.enablement_complaint_stays();
CREATE TRIGGER costchange_only_added BEFORE DELETE OR UPDATE ON public.enablement_costchange FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER course_pass_stays BEFORE DELETE OR UPDATE ON public.enablement_coursepassed FOR EACH ROW EXECUTE FUNCTION public.enablement_pass_stays();
CREATE CONSTRAINT TRIGGER deposits_have_ended AFTER UPDATE ON public.enablement_buyinground DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.enablement_deposits_have_ended();
CREATE TRIGGER enablement_purchasenote_only_added BEFORE DELETE OR UPDATE ON public.enablement_purchasenote FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER enablement_receipt_only_added BEFORE DELETE OR UPDATE ON public.enablement_receipt FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER enablement_receiptline_only_added BEFORE DELETE OR UPDATE ON public.enablement_receiptline FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER inspection_stays BEFORE DELETE OR UPDATE ON public.enablement_inspection FOR EACH ROW EXECUTE FUNCTION public.enablement_inspection_stays();
CREATE TRIGGER kit_goes_on BEFORE UPDATE ON public.enablement_kit FOR EACH ROW EXECUTE FUNCTION public.enablement_kit_goes_on();
CREATE TRIGGER kit_products_stay BEFORE INSERT OR DELETE OR UPDATE ON public.enablement_kitproduct FOR EACH ROW EXECUTE FUNCTION public.enablement_kit_products_stay();
CREATE TRIGGER kit_use_stays BEFORE INSERT OR DELETE OR UPDATE ON public.enablement_kituse FOR EACH ROW EXECUTE FUNCTION public.enablement_kit_use_stays();
CREATE TRIGGER lot_goes_on BEFORE UPDATE ON public.supplier_lot FOR EACH ROW EXECUTE FUNCTION public.supplier_lot_goes_on();
CREATE TRIGGER lot_is_kept BEFORE DELETE ON public.supplier_lot FOR EACH ROW EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER lot_movement_only_added BEFORE DELETE OR UPDATE ON public.supplier_lotmovement FOR EACH ROW EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER lot_moves AFTER INSERT ON public.supplier_lotmovement FOR EACH ROW EXECUTE FUNCTION public.supplier_lot_moves();
CREATE TRIGGER lot_origin_only_added BEFORE DELETE OR UPDATE ON public.enablement_lotorigin FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER lot_pick_fits BEFORE INSERT OR DELETE OR UPDATE ON public.supplier_lotpick FOR EACH ROW EXECUTE FUNCTION public.supplier_lot_pick_fits();
CREATE TRIGGER lot_pick_is_of_serial BEFORE INSERT OR UPDATE ON public.supplier_lotpick FOR EACH ROW EXECUTE FUNCTION public.supplier_lot_pick_is_of_serial();
CREATE CONSTRAINT TRIGGER lot_quarantine AFTER UPDATE OF aside ON public.supplier_lotstock DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.supplier_quarantine_is_of_lots();
CREATE TRIGGER lot_stock_is_moved BEFORE INSERT OR DELETE OR UPDATE OF pieces, lot_id, warehouse_id ON public.supplier_lotstock FOR EACH ROW EXECUTE FUNCTION public.supplier_lot_stock_is_moved();
CREATE CONSTRAINT TRIGGER movement_tells_serials AFTER INSERT ON public.supplier_movement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.supplier_serials_are_told();
CREATE CONSTRAINT TRIGGER part_is_of_charge AFTER INSERT ON public.enablement_chargepart DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.enablement_charge_is_shared();
CREATE TRIGGER peer_only_added BEFORE DELETE OR UPDATE ON public.enablement_peer FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER plan_goes_on BEFORE UPDATE ON public.enablement_purchaseplan FOR EACH ROW EXECUTE FUNCTION public.enablement_plan_goes_on();
CREATE TRIGGER plan_is_kept BEFORE DELETE ON public.enablement_purchaseplan FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER planline_stays BEFORE INSERT OR DELETE OR UPDATE ON public.enablement_planline FOR EACH ROW EXECUTE FUNCTION public.enablement_plan_stays();
CREATE TRIGGER planpart_stays BEFORE INSERT OR DELETE OR UPDATE ON public.enablement_planpart FOR EACH ROW EXECUTE FUNCTION public.enablement_plan_stays();
CREATE TRIGGER planshare_stays BEFORE INSERT OR DELETE OR UPDATE ON public.enablement_planshare FOR EACH ROW EXECUTE FUNCTION public.enablement_plan_stays();
CREATE TRIGGER provider_goes_on BEFORE UPDATE ON public.enablement_serviceprovider FOR EACH ROW EXECUTE FUNCTION public.enablement_provider_goes_on();
CREATE TRIGGER purchase_goes_on BEFORE UPDATE ON public.enablement_purchaseorder FOR EACH ROW EXECUTE FUNCTION public.enablement_purchase_goes_on();
CREATE TRIGGER purchase_is_kept BEFORE DELETE ON public.enablement_purchaseorder FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER purchase_line_stays BEFORE INSERT OR DELETE OR UPDATE ON public.enablement_purchaseline FOR EACH ROW EXECUTE FUNCTION public.enablement_purchase_line_stays();
CREATE TRIGGER purchasecharge_only_added BEFORE DELETE OR UPDATE ON public.enablement_purchasecharge FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER quote_item_is_kept BEFORE DELETE OR UPDATE ON public.enablement_quoteitem FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER quote_line_stays BEFORE INSERT OR DELETE OR UPDATE ON public.enablement_quoteline FOR EACH ROW EXECUTE FUNCTION public.enablement_quote_line_stays();
CREATE TRIGGER quote_note_only_added BEFORE DELETE OR UPDATE ON public.enablement_quotenote FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER quote_request_goes_on BEFORE UPDATE ON public.enablement_quoterequest FOR EACH ROW EXECUTE FUNCTION public.enablement_quote_request_goes_on();
CREATE TRIGGER quote_request_is_kept BEFORE DELETE ON public.enablement_quoterequest FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER quote_stays BEFORE DELETE OR UPDATE ON public.enablement_quote FOR EACH ROW EXECUTE FUNCTION public.enablement_quote_stays();
CREATE TRIGGER recall_lots_stay BEFORE INSERT OR DELETE OR UPDATE ON public.enablement_recall_lots FOR EACH ROW EXECUTE FUNCTION public.enablement_recall_lots_stay();
CREATE TRIGGER recall_order_stays BEFORE DELETE OR UPDATE ON public.enablement_recallorder FOR EACH ROW EXECUTE FUNCTION public.enablement_recall_order_stays();
CREATE TRIGGER recall_stays BEFORE DELETE OR UPDATE ON public.enablement_recall FOR EACH ROW EXECUTE FUNCTION public.enablement_recall_stays();
CREATE CONSTRAINT TRIGGER receipt_is_received AFTER INSERT ON public.enablement_receiptline DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.enablement_received_is_what_came();
CREATE TRIGGER receipt_line_fits BEFORE INSERT ON public.enablement_receiptline FOR EACH ROW EXECUTE FUNCTION public.enablement_receipt_line_fits();
CREATE CONSTRAINT TRIGGER received_is_what_came AFTER INSERT OR UPDATE OF received ON public.enablement_purchaseline DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.enablement_received_is_what_came();
CREATE TRIGGER round_goes_on BEFORE UPDATE ON public.enablement_buyinground FOR EACH ROW EXECUTE FUNCTION public.enablement_round_goes_on();
CREATE TRIGGER round_is_kept BEFORE DELETE ON public.enablement_buyinground FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER service_offer_goes_on BEFORE UPDATE ON public.enablement_serviceoffer FOR EACH ROW EXECUTE FUNCTION public.enablement_service_offer_goes_on();
CREATE TRIGGER service_offer_is_kept BEFORE DELETE ON public.enablement_serviceoffer FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER service_statement_is_kept BEFORE DELETE ON public.enablement_servicestatement FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE TRIGGER service_statement_stays BEFORE UPDATE ON public.enablement_servicestatement FOR EACH ROW EXECUTE FUNCTION public.enablement_service_statement_stays();
CREATE CONSTRAINT TRIGGER service_statement_sums AFTER INSERT ON public.enablement_servicestatement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.enablement_service_statement_sums();
CREATE TRIGGER service_task_goes_on BEFORE UPDATE ON public.enablement_servicetask FOR EACH ROW EXECUTE FUNCTION public.enablement_service_task_goes_on();
CREATE TRIGGER service_task_is_kept BEFORE DELETE ON public.enablement_servicetask FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE CONSTRAINT TRIGGER service_task_sums AFTER INSERT OR UPDATE OF statement_id, price_minor ON public.enablement_servicetask DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.enablement_service_statement_sums();
CREATE CONSTRAINT TRIGGER shares_add_up AFTER INSERT OR UPDATE ON public.enablement_purchaseplan DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.enablement_shares_add_up();
CREATE CONSTRAINT TRIGGER stock_quarantine AFTER UPDATE OF quarantined ON public.supplier_stock DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.supplier_quarantine_is_of_lots();
CREATE TRIGGER supplier_bundle_bundles_apart AFTER INSERT ON public.supplier_bundle FOR EACH ROW EXECUTE FUNCTION public.supplier_bundles_apart();
CREATE TRIGGER supplier_bundlepart_bundles_apart AFTER INSERT ON public.supplier_bundlepart FOR EACH ROW EXECUTE FUNCTION public.supplier_bundles_apart();
CREATE TRIGGER supplier_bundlepart_fixed AFTER INSERT OR DELETE OR UPDATE ON public.supplier_bundlepart FOR EACH ROW EXECUTE FUNCTION public.supplier_bundle_fixed();
CREATE TRIGGER supplier_dailyseal_append_only BEFORE DELETE OR UPDATE ON public.supplier_dailyseal FOR EACH ROW EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER supplier_dailyseal_never_emptied BEFORE TRUNCATE ON public.supplier_dailyseal FOR EACH STATEMENT EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER supplier_invoice_append_only BEFORE DELETE OR UPDATE ON public.supplier_invoice FOR EACH ROW EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER supplier_journal_append_only BEFORE DELETE OR UPDATE ON public.supplier_journal FOR EACH ROW EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER supplier_journal_never_emptied BEFORE TRUNCATE ON public.supplier_journal FOR EACH STATEMENT EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER supplier_line_added AFTER INSERT ON public.supplier_statementline REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.supplier_no_line_is_added();
CREATE TRIGGER supplier_line_frozen BEFORE DELETE ON public.supplier_statementline FOR EACH ROW EXECUTE FUNCTION public.supplier_line_is_frozen();
CREATE TRIGGER supplier_line_never_changes BEFORE UPDATE ON public.supplier_statementline FOR EACH ROW EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER supplier_movement_append_only BEFORE DELETE OR UPDATE ON public.supplier_movement FOR EACH ROW EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER supplier_movement_never_emptied BEFORE TRUNCATE ON public.supplier_movement FOR EACH STATEMENT EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER supplier_payout_kept BEFORE DELETE ON public.supplier_payout FOR EACH ROW EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER supplier_payout_stays BEFORE UPDATE ON public.supplier_payout FOR EACH ROW EXECUTE FUNCTION public.supplier_payout_stays();
CREATE TRIGGER supplier_payout_there BEFORE INSERT ON public.supplier_payout FOR EACH ROW EXECUTE FUNCTION public.supplier_payout_is_there();
CREATE TRIGGER supplier_settlement_frozen BEFORE DELETE OR UPDATE ON public.supplier_settlement FOR EACH ROW WHEN (old.released) EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER supplier_stock_bundles_apart AFTER INSERT ON public.supplier_stock FOR EACH ROW EXECUTE FUNCTION public.supplier_bundles_apart();
CREATE TRIGGER supplier_transfer_append_only BEFORE DELETE OR UPDATE ON public.supplier_transfer FOR EACH ROW EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER supplier_transfer_never_emptied BEFORE TRUNCATE ON public.supplier_transfer FOR EACH STATEMENT EXECUTE FUNCTION public.supplier_append_only();
CREATE TRIGGER tier_is_earned BEFORE INSERT ON public.enablement_resellertier FOR EACH ROW EXECUTE FUNCTION public.enablement_tier_is_earned();
CREATE TRIGGER tier_stays BEFORE DELETE OR UPDATE ON public.enablement_resellertier FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
CREATE CONSTRAINT TRIGGER variant_begins_serials AFTER UPDATE OF serials ON public.supplier_variant DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN ((new.serials AND (NOT old.serials))) EXECUTE FUNCTION public.supplier_serials_begin();
CREATE TRIGGER vendorpayment_only_added BEFORE DELETE OR UPDATE ON public.enablement_vendorpayment FOR EACH ROW EXECUTE FUNCTION public.enablement_append_only();
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_auditentry
    ADD CONSTRAINT accounts_auditentry_actor_id_3237b29c_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_auditentry
    ADD CONSTRAINT accounts_auditentry_reseller_id_e3b81b1d_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_invited_by_id_94a21efc_fk_accounts_user_id FOREIGN KEY (invited_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_reseller_id_9cf1013b_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_reseller_id_24d89c4b_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_user_id_487fb39e_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_savedview
    ADD CONSTRAINT accounts_savedview_reseller_id_7dd115d2_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_savedview
    ADD CONSTRAINT accounts_savedview_user_id_f77d553a_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_group_id_bd11a704_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_user_id_52b62117_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_p_permission_id_113bb443_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_p_user_id_e4f0a161_fk_accounts_ FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.api_apikey
    ADD CONSTRAINT api_apikey_created_by_id_f47c4b17_fk_accounts_user_id FOREIGN KEY (created_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.api_apikey
    ADD CONSTRAINT api_apikey_reseller_id_a09a950c_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_tipanswer
    ADD CONSTRAINT enablement_adviceans_reseller_id_06071bbc_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_announcementread
    ADD CONSTRAINT enablement_announcem_announcement_id_4267d869_fk_enablemen FOREIGN KEY (announcement_id) REFERENCES public.enablement_announcement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_announcement_chosen
    ADD CONSTRAINT enablement_announcem_announcement_id_aa0befd4_fk_enablemen FOREIGN KEY (announcement_id) REFERENCES public.enablement_announcement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_announcementread
    ADD CONSTRAINT enablement_announcem_reader_id_fa284633_fk_accounts_ FOREIGN KEY (reader_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_announcementread
    ADD CONSTRAINT enablement_announcem_reseller_id_49434143_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_announcement_chosen
    ADD CONSTRAINT enablement_announcem_reseller_id_f06041b1_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_billline
    ADD CONSTRAINT enablement_billline_bill_id_402d7ee9_fk_enablemen FOREIGN KEY (bill_id) REFERENCES public.enablement_vendorbill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_billline
    ADD CONSTRAINT enablement_billline_charge_id_bb7ba862_fk_enablemen FOREIGN KEY (charge_id) REFERENCES public.enablement_purchasecharge(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_billline
    ADD CONSTRAINT enablement_billline_decided_by_id_2e3fbd88_fk_accounts_user_id FOREIGN KEY (decided_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_billline
    ADD CONSTRAINT enablement_billline_line_id_96715f56_fk_enablemen FOREIGN KEY (line_id) REFERENCES public.enablement_purchaseline(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_buyinground
    ADD CONSTRAINT enablement_buyingrou_plan_id_694632c9_fk_enablemen FOREIGN KEY (plan_id) REFERENCES public.enablement_purchaseplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_buyinground
    ADD CONSTRAINT enablement_buyingrou_warehouse_id_bd1779d3_fk_supplier_ FOREIGN KEY (warehouse_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_buyinground
    ADD CONSTRAINT enablement_buyinground_actor_id_0a99a203_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_chargepart
    ADD CONSTRAINT enablement_chargepar_charge_id_f3da5ae2_fk_enablemen FOREIGN KEY (charge_id) REFERENCES public.enablement_purchasecharge(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_chargepart
    ADD CONSTRAINT enablement_chargepar_line_id_ce88348e_fk_enablemen FOREIGN KEY (line_id) REFERENCES public.enablement_purchaseline(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_commitment
    ADD CONSTRAINT enablement_commitmen_item_id_56298297_fk_enablemen FOREIGN KEY (item_id) REFERENCES public.enablement_rounditem(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_commitment
    ADD CONSTRAINT enablement_commitmen_reseller_id_3bee4388_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_complaint
    ADD CONSTRAINT enablement_complaint_actor_id_1a3e6fd3_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_complaint
    ADD CONSTRAINT enablement_complaint_case_id_493108de_fk_enablement_deskcase_id FOREIGN KEY (case_id) REFERENCES public.enablement_deskcase(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_complaint
    ADD CONSTRAINT enablement_complaint_lot_id_08a99270_fk_supplier_lot_id FOREIGN KEY (lot_id) REFERENCES public.supplier_lot(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_complaint
    ADD CONSTRAINT enablement_complaint_reseller_id_6c371e15_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_complaint
    ADD CONSTRAINT enablement_complaint_shipment_id_a7f89805_fk_supplier_ FOREIGN KEY (shipment_id) REFERENCES public.supplier_shipment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_complaint
    ADD CONSTRAINT enablement_complaint_variant_id_e631a651_fk_supplier_variant_id FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_complaint
    ADD CONSTRAINT enablement_complaint_vendor_id_1e60d018_fk_enablement_vendor_id FOREIGN KEY (vendor_id) REFERENCES public.enablement_vendor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_costchange
    ADD CONSTRAINT enablement_costchang_line_id_cceac1cc_fk_enablemen FOREIGN KEY (line_id) REFERENCES public.enablement_purchaseline(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_coursepassed
    ADD CONSTRAINT enablement_coursepas_course_id_9ebaf2ef_fk_enablemen FOREIGN KEY (course_id) REFERENCES public.enablement_course(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_coursepassed
    ADD CONSTRAINT enablement_coursepas_reseller_id_d4af010e_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_coursepassed
    ADD CONSTRAINT enablement_coursepassed_learner_id_c4886103_fk_accounts_user_id FOREIGN KEY (learner_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_deskcase
    ADD CONSTRAINT enablement_deskcase_assignee_id_7b9325f5_fk_accounts_user_id FOREIGN KEY (assignee_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_deskcase
    ADD CONSTRAINT enablement_deskcase_reseller_id_db4562ad_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_deskskill
    ADD CONSTRAINT enablement_deskskill_user_id_796a0178_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_inspection
    ADD CONSTRAINT enablement_inspectio_receipt_line_id_065dcf7f_fk_enablemen FOREIGN KEY (receipt_line_id) REFERENCES public.enablement_receiptline(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_inspection
    ADD CONSTRAINT enablement_inspectio_variant_id_3fc76493_fk_supplier_ FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_inspectionplan
    ADD CONSTRAINT enablement_inspectio_variant_id_9a0a7c8e_fk_supplier_ FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_inspection
    ADD CONSTRAINT enablement_inspectio_vendor_id_266f65c1_fk_enablemen FOREIGN KEY (vendor_id) REFERENCES public.enablement_vendor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_inspectionplan
    ADD CONSTRAINT enablement_inspectio_vendor_id_ab418276_fk_enablemen FOREIGN KEY (vendor_id) REFERENCES public.enablement_vendor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_inspection
    ADD CONSTRAINT enablement_inspection_inspector_id_813b8a27_fk_accounts_user_id FOREIGN KEY (inspector_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_inspection
    ADD CONSTRAINT enablement_inspection_lot_id_f7b18aa4_fk_supplier_lot_id FOREIGN KEY (lot_id) REFERENCES public.supplier_lot(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_kit
    ADD CONSTRAINT enablement_kit_campaign_id_25ef08af_fk_supplier_campaign_id FOREIGN KEY (campaign_id) REFERENCES public.supplier_campaign(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_kitproduct
    ADD CONSTRAINT enablement_kitproduc_product_id_93de8c99_fk_supplier_ FOREIGN KEY (product_id) REFERENCES public.supplier_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_kitproduct
    ADD CONSTRAINT enablement_kitproduct_kit_id_4a7dcaad_fk_enablement_kit_id FOREIGN KEY (kit_id) REFERENCES public.enablement_kit(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_kituse
    ADD CONSTRAINT enablement_kituse_kit_id_973e842f_fk_enablement_kit_id FOREIGN KEY (kit_id) REFERENCES public.enablement_kit(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_kituse
    ADD CONSTRAINT enablement_kituse_reseller_id_9df460ba_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_lesson
    ADD CONSTRAINT enablement_lesson_course_id_7cf279c8_fk_enablement_course_id FOREIGN KEY (course_id) REFERENCES public.enablement_course(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_lessondone
    ADD CONSTRAINT enablement_lessondon_lesson_id_f9c50452_fk_enablemen FOREIGN KEY (lesson_id) REFERENCES public.enablement_lesson(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_lessondone
    ADD CONSTRAINT enablement_lessondon_reseller_id_a042aa41_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_lotorigin
    ADD CONSTRAINT enablement_lotorigin_lot_id_d8b9ca81_fk_supplier_lot_id FOREIGN KEY (lot_id) REFERENCES public.supplier_lot(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_lotorigin
    ADD CONSTRAINT enablement_lotorigin_receipt_line_id_f55b9274_fk_enablemen FOREIGN KEY (receipt_line_id) REFERENCES public.enablement_receiptline(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_lotorigin
    ADD CONSTRAINT enablement_lotorigin_vendor_id_bca1baf8_fk_enablement_vendor_id FOREIGN KEY (vendor_id) REFERENCES public.enablement_vendor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_paperfile
    ADD CONSTRAINT enablement_paperfile_paper_id_de0d5878_fk_enablemen FOREIGN KEY (paper_id) REFERENCES public.enablement_vendorpaper(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_planline
    ADD CONSTRAINT enablement_planline_order_id_2799af05_fk_enablemen FOREIGN KEY (order_id) REFERENCES public.enablement_purchaseorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_planline
    ADD CONSTRAINT enablement_planline_plan_id_7f3ee700_fk_enablemen FOREIGN KEY (plan_id) REFERENCES public.enablement_purchaseplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_planline
    ADD CONSTRAINT enablement_planline_variant_id_3c737443_fk_supplier_variant_id FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_planline
    ADD CONSTRAINT enablement_planline_vendor_id_31e239af_fk_enablement_vendor_id FOREIGN KEY (vendor_id) REFERENCES public.enablement_vendor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_planpart
    ADD CONSTRAINT enablement_planpart_plan_id_24240ef8_fk_enablemen FOREIGN KEY (plan_id) REFERENCES public.enablement_purchaseplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_planpart
    ADD CONSTRAINT enablement_planpart_reseller_id_ce5a9f17_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_planpart
    ADD CONSTRAINT enablement_planpart_variant_id_99b3f23d_fk_supplier_variant_id FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_planshare
    ADD CONSTRAINT enablement_planshare_plan_id_c5b80245_fk_enablemen FOREIGN KEY (plan_id) REFERENCES public.enablement_purchaseplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_planshare
    ADD CONSTRAINT enablement_planshare_reseller_id_9493d9c0_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_pricebreak
    ADD CONSTRAINT enablement_pricebrea_offer_id_0ad8140b_fk_enablemen FOREIGN KEY (offer_id) REFERENCES public.enablement_vendoroffer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_purchasecharge
    ADD CONSTRAINT enablement_purchasec_order_id_0005d761_fk_enablemen FOREIGN KEY (order_id) REFERENCES public.enablement_purchaseorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_purchasecharge
    ADD CONSTRAINT enablement_purchasecharge_actor_id_a827fbbe_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_purchaseline
    ADD CONSTRAINT enablement_purchasel_arrival_id_c184a99c_fk_supplier_ FOREIGN KEY (arrival_id) REFERENCES public.supplier_arrival(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_purchaseline
    ADD CONSTRAINT enablement_purchasel_order_id_0673684d_fk_enablemen FOREIGN KEY (order_id) REFERENCES public.enablement_purchaseorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_purchaseline
    ADD CONSTRAINT enablement_purchasel_variant_id_f5155edd_fk_supplier_ FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_purchasenote
    ADD CONSTRAINT enablement_purchasen_order_id_e724c4b3_fk_enablemen FOREIGN KEY (order_id) REFERENCES public.enablement_purchaseorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_purchasenote
    ADD CONSTRAINT enablement_purchasenote_actor_id_7cfd9ee9_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_purchaseorder
    ADD CONSTRAINT enablement_purchaseo_vendor_id_7169cdad_fk_enablemen FOREIGN KEY (vendor_id) REFERENCES public.enablement_vendor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_purchaseorder
    ADD CONSTRAINT enablement_purchaseo_warehouse_id_639f6a1e_fk_supplier_ FOREIGN KEY (warehouse_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_purchaseorder
    ADD CONSTRAINT enablement_purchaseorder_actor_id_aab2a0cd_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_purchaseplan
    ADD CONSTRAINT enablement_purchasep_warehouse_id_58307bfd_fk_supplier_ FOREIGN KEY (warehouse_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_purchaseplan
    ADD CONSTRAINT enablement_purchaseplan_actor_id_c1c84f7c_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_question
    ADD CONSTRAINT enablement_question_course_id_f1607691_fk_enablement_course_id FOREIGN KEY (course_id) REFERENCES public.enablement_course(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_quote
    ADD CONSTRAINT enablement_quote_actor_id_f947e345_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_quote
    ADD CONSTRAINT enablement_quote_request_id_f940dbca_fk_enablemen FOREIGN KEY (request_id) REFERENCES public.enablement_quoterequest(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_quote
    ADD CONSTRAINT enablement_quote_vendor_id_99067f83_fk_enablement_vendor_id FOREIGN KEY (vendor_id) REFERENCES public.enablement_vendor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_quoteitem
    ADD CONSTRAINT enablement_quoteitem_request_id_420ccc6c_fk_enablemen FOREIGN KEY (request_id) REFERENCES public.enablement_quoterequest(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_quoteitem
    ADD CONSTRAINT enablement_quoteitem_variant_id_aa48baa2_fk_supplier_variant_id FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_quoteline
    ADD CONSTRAINT enablement_quoteline_item_id_226e0c82_fk_enablemen FOREIGN KEY (item_id) REFERENCES public.enablement_quoteitem(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_quoteline
    ADD CONSTRAINT enablement_quoteline_order_id_29b07ef6_fk_enablemen FOREIGN KEY (order_id) REFERENCES public.enablement_purchaseorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_quoteline
    ADD CONSTRAINT enablement_quoteline_quote_id_62fc39ff_fk_enablement_quote_id FOREIGN KEY (quote_id) REFERENCES public.enablement_quote(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_quotenote
    ADD CONSTRAINT enablement_quotenote_actor_id_f7b0621d_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_quotenote
    ADD CONSTRAINT enablement_quotenote_quote_id_993bc034_fk_enablement_quote_id FOREIGN KEY (quote_id) REFERENCES public.enablement_quote(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_quotenote
    ADD CONSTRAINT enablement_quotenote_request_id_80fbd18c_fk_enablemen FOREIGN KEY (request_id) REFERENCES public.enablement_quoterequest(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_quoterequest
    ADD CONSTRAINT enablement_quoterequ_warehouse_id_2ab0d012_fk_supplier_ FOREIGN KEY (warehouse_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_quoterequest
    ADD CONSTRAINT enablement_quoterequest_actor_id_03dcc25b_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_recall
    ADD CONSTRAINT enablement_recall_actor_id_c977416d_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_recall_lots
    ADD CONSTRAINT enablement_recall_lo_recall_id_fdc5a7a3_fk_enablemen FOREIGN KEY (recall_id) REFERENCES public.enablement_recall(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_recall_lots
    ADD CONSTRAINT enablement_recall_lots_lot_id_7422d2c9_fk_supplier_lot_id FOREIGN KEY (lot_id) REFERENCES public.supplier_lot(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_recallorder
    ADD CONSTRAINT enablement_recallord_recall_id_5d8cb871_fk_enablemen FOREIGN KEY (recall_id) REFERENCES public.enablement_recall(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_recallorder
    ADD CONSTRAINT enablement_recallord_reseller_id_3cbf9f0c_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_receipt
    ADD CONSTRAINT enablement_receipt_actor_id_1b2ece1b_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_receipt
    ADD CONSTRAINT enablement_receipt_order_id_96ed715a_fk_enablemen FOREIGN KEY (order_id) REFERENCES public.enablement_purchaseorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_receiptline
    ADD CONSTRAINT enablement_receiptli_line_id_4d90a05c_fk_enablemen FOREIGN KEY (line_id) REFERENCES public.enablement_purchaseline(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_receiptline
    ADD CONSTRAINT enablement_receiptli_receipt_id_de1f72a1_fk_enablemen FOREIGN KEY (receipt_id) REFERENCES public.enablement_receipt(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_receiptline
    ADD CONSTRAINT enablement_receiptli_variant_id_840b59e0_fk_supplier_ FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_resellertier
    ADD CONSTRAINT enablement_resellert_by_course_id_491862f5_fk_enablemen FOREIGN KEY (by_course_id) REFERENCES public.enablement_course(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_resellertier
    ADD CONSTRAINT enablement_resellert_reseller_id_84aba3b8_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_review
    ADD CONSTRAINT enablement_review_moderator_id_ee28678c_fk_accounts_user_id FOREIGN KEY (moderator_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_review
    ADD CONSTRAINT enablement_review_product_id_95f0cbe9_fk_supplier_product_id FOREIGN KEY (product_id) REFERENCES public.supplier_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_review
    ADD CONSTRAINT enablement_review_reseller_id_91d92654_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_rounditem
    ADD CONSTRAINT enablement_rounditem_round_id_4fbc3575_fk_enablemen FOREIGN KEY (round_id) REFERENCES public.enablement_buyinground(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_rounditem
    ADD CONSTRAINT enablement_rounditem_variant_id_78ae4b04_fk_supplier_variant_id FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicebooking
    ADD CONSTRAINT enablement_servicebo_option_id_72bfd7ca_fk_enablemen FOREIGN KEY (option_id) REFERENCES public.enablement_serviceoption(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicebooking
    ADD CONSTRAINT enablement_servicebo_product_id_6a8b7551_fk_supplier_ FOREIGN KEY (product_id) REFERENCES public.supplier_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicebooking
    ADD CONSTRAINT enablement_servicebo_provider_id_45cce563_fk_enablemen FOREIGN KEY (provider_id) REFERENCES public.enablement_serviceprovider(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicebooking
    ADD CONSTRAINT enablement_servicebo_reseller_id_7c54a50c_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicebooking
    ADD CONSTRAINT enablement_servicebo_task_id_28b49dde_fk_enablemen FOREIGN KEY (task_id) REFERENCES public.enablement_servicetask(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_serviceoffer
    ADD CONSTRAINT enablement_serviceof_provider_id_6174c89a_fk_enablemen FOREIGN KEY (provider_id) REFERENCES public.enablement_serviceprovider(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_serviceoffer
    ADD CONSTRAINT enablement_serviceof_task_id_44a6a641_fk_enablemen FOREIGN KEY (task_id) REFERENCES public.enablement_servicetask(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_serviceoption
    ADD CONSTRAINT enablement_serviceop_category_id_9ce785d1_fk_supplier_ FOREIGN KEY (category_id) REFERENCES public.supplier_category(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_serviceoptout
    ADD CONSTRAINT enablement_serviceop_option_id_6a65b9b4_fk_enablemen FOREIGN KEY (option_id) REFERENCES public.enablement_serviceoption(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_serviceoption
    ADD CONSTRAINT enablement_serviceop_product_id_43a41e94_fk_supplier_ FOREIGN KEY (product_id) REFERENCES public.supplier_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_serviceoptout
    ADD CONSTRAINT enablement_serviceop_reseller_id_1e37d8f4_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_serviceprovider
    ADD CONSTRAINT enablement_servicepr_vetted_by_id_8db4d35c_fk_accounts_ FOREIGN KEY (vetted_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicerate
    ADD CONSTRAINT enablement_servicera_provider_id_e3588b52_fk_enablemen FOREIGN KEY (provider_id) REFERENCES public.enablement_serviceprovider(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicestatement
    ADD CONSTRAINT enablement_servicest_actor_id_1fe82e5b_fk_accounts_ FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicestatement
    ADD CONSTRAINT enablement_servicest_provider_id_9cde503a_fk_enablemen FOREIGN KEY (provider_id) REFERENCES public.enablement_serviceprovider(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicetask
    ADD CONSTRAINT enablement_serviceta_product_id_39e66854_fk_supplier_ FOREIGN KEY (product_id) REFERENCES public.supplier_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicetask
    ADD CONSTRAINT enablement_serviceta_provider_id_a64d1087_fk_enablemen FOREIGN KEY (provider_id) REFERENCES public.enablement_serviceprovider(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicetask
    ADD CONSTRAINT enablement_serviceta_reseller_id_85f8cd9a_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicetask
    ADD CONSTRAINT enablement_serviceta_sold_by_id_a33ce689_fk_tenancy_r FOREIGN KEY (sold_by_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicetask
    ADD CONSTRAINT enablement_serviceta_statement_id_80199066_fk_enablemen FOREIGN KEY (statement_id) REFERENCES public.enablement_servicestatement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_servicetask
    ADD CONSTRAINT enablement_servicetask_actor_id_045ed0cf_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_shopscore
    ADD CONSTRAINT enablement_shopscore_reseller_id_97ae1173_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_variantcost
    ADD CONSTRAINT enablement_variantco_variant_id_443bb9ed_fk_supplier_ FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_vendorbill
    ADD CONSTRAINT enablement_vendorbil_approved_by_id_1c0aff99_fk_accounts_ FOREIGN KEY (approved_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_vendorbill
    ADD CONSTRAINT enablement_vendorbil_entered_by_id_66109e1a_fk_accounts_ FOREIGN KEY (entered_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_vendorbill
    ADD CONSTRAINT enablement_vendorbil_order_id_623b8471_fk_enablemen FOREIGN KEY (order_id) REFERENCES public.enablement_purchaseorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_vendorbill
    ADD CONSTRAINT enablement_vendorbil_payment_id_7c76e097_fk_enablemen FOREIGN KEY (payment_id) REFERENCES public.enablement_vendorpayment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_vendorbill
    ADD CONSTRAINT enablement_vendorbil_vendor_id_aa36f5c2_fk_enablemen FOREIGN KEY (vendor_id) REFERENCES public.enablement_vendor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_vendoroffer
    ADD CONSTRAINT enablement_vendoroff_variant_id_48e93a0d_fk_supplier_ FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_vendoroffer
    ADD CONSTRAINT enablement_vendoroff_vendor_id_8bc587fa_fk_enablemen FOREIGN KEY (vendor_id) REFERENCES public.enablement_vendor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_vendorpaper
    ADD CONSTRAINT enablement_vendorpap_vendor_id_79910730_fk_enablemen FOREIGN KEY (vendor_id) REFERENCES public.enablement_vendor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_vendorpaper
    ADD CONSTRAINT enablement_vendorpaper_actor_id_b2b15e20_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_vendorpayment
    ADD CONSTRAINT enablement_vendorpay_made_by_id_7f5ca490_fk_accounts_ FOREIGN KEY (made_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_vetting
    ADD CONSTRAINT enablement_vetting_actor_id_b63b9865_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enablement_vetting
    ADD CONSTRAINT enablement_vetting_vendor_id_28fcdfe6_fk_enablement_vendor_id FOREIGN KEY (vendor_id) REFERENCES public.enablement_vendor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_fulfilmentline
    ADD CONSTRAINT fulfilment_line_of_bundle FOREIGN KEY (bundle_id, variant_id, per) REFERENCES public.supplier_bundlepart(bundle_id, component_id, pieces);
ALTER TABLE ONLY public.supplier_fulfilmentline
    ADD CONSTRAINT fulfilment_line_of_variant FOREIGN KEY (sold_id, line_id) REFERENCES public.supplier_salesline(variant_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.jobs_job
    ADD CONSTRAINT jobs_job_actor_id_81ee7fdc_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.jobs_job
    ADD CONSTRAINT jobs_job_reseller_id_65608866_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.jobs_job
    ADD CONSTRAINT jobs_job_undoes_id_94dd5891_fk_jobs_job_id FOREIGN KEY (undoes_id) REFERENCES public.jobs_job(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.jobs_jobrow
    ADD CONSTRAINT jobs_jobrow_job_id_c12f71f2_fk_jobs_job_id FOREIGN KEY (job_id) REFERENCES public.jobs_job(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_account
    ADD CONSTRAINT supplier_account_reseller_id_cbab59d0_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_accountsum
    ADD CONSTRAINT supplier_accountsum_account_id_7a14d2d6_fk_supplier_account_id FOREIGN KEY (account_id) REFERENCES public.supplier_account(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_accountsum
    ADD CONSTRAINT supplier_accountsum_seal_id_21da9653_fk_supplier_dailyseal_id FOREIGN KEY (seal_id) REFERENCES public.supplier_dailyseal(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_arrival
    ADD CONSTRAINT supplier_arrival_actor_id_7ddf1128_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_arrival
    ADD CONSTRAINT supplier_arrival_variant_id_8625007b_fk_supplier_variant_id FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_arrival
    ADD CONSTRAINT supplier_arrival_warehouse_id_5297192c_fk_supplier_warehouse_id FOREIGN KEY (warehouse_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_bankfile
    ADD CONSTRAINT supplier_bankfile_made_by_id_298029fa_fk_accounts_user_id FOREIGN KEY (made_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_bankrefund
    ADD CONSTRAINT supplier_bankrefund_actor_id_47bc22c5_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_bankrefund
    ADD CONSTRAINT supplier_bankrefund_file_id_f53cab24_fk_supplier_bankfile_id FOREIGN KEY (file_id) REFERENCES public.supplier_bankfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_bankrefund
    ADD CONSTRAINT supplier_bankrefund_order_id_d12e2c66_fk_supplier_salesorder_id FOREIGN KEY (order_id) REFERENCES public.supplier_salesorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_bundle
    ADD CONSTRAINT supplier_bundle_variant_id_7df280cf_fk_supplier_variant_id FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_bundlepart
    ADD CONSTRAINT supplier_bundlepart_bundle_id_7486c634_fk_supplier_ FOREIGN KEY (bundle_id) REFERENCES public.supplier_bundle(variant_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_bundlepart
    ADD CONSTRAINT supplier_bundlepart_component_id_98c30227_fk_supplier_ FOREIGN KEY (component_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_clawback
    ADD CONSTRAINT supplier_clawback_actor_id_f08e6606_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_clawback
    ADD CONSTRAINT supplier_clawback_payout_id_534b311b_fk_supplier_payout_id FOREIGN KEY (payout_id) REFERENCES public.supplier_payout(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_dispute
    ADD CONSTRAINT supplier_dispute_reseller_id_6e036592_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_fulfilmentline
    ADD CONSTRAINT supplier_fulfilmentl_fulfilment_id_df46e15b_fk_supplier_ FOREIGN KEY (fulfilment_id) REFERENCES public.supplier_fulfilmentorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_fulfilmentorder
    ADD CONSTRAINT supplier_fulfilmento_assignee_id_b3487b56_fk_accounts_ FOREIGN KEY (assignee_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_fulfilmentorder
    ADD CONSTRAINT supplier_fulfilmento_order_id_15e254fe_fk_supplier_ FOREIGN KEY (order_id) REFERENCES public.supplier_salesorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_fulfilmentorder
    ADD CONSTRAINT supplier_fulfilmento_warehouse_id_bbab97cf_fk_supplier_ FOREIGN KEY (warehouse_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_importjob
    ADD CONSTRAINT supplier_importjob_created_by_id_618fb72f_fk_accounts_user_id FOREIGN KEY (created_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_importrow
    ADD CONSTRAINT supplier_importrow_job_id_f8bb38a4_fk_supplier_importjob_id FOREIGN KEY (job_id) REFERENCES public.supplier_importjob(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_invoice
    ADD CONSTRAINT supplier_invoice_reseller_id_f6e7d872_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_invoice
    ADD CONSTRAINT supplier_invoice_settlement_id_dfa0697f_fk_supplier_ FOREIGN KEY (settlement_id) REFERENCES public.supplier_settlement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_journal
    ADD CONSTRAINT supplier_journal_reseller_id_302b6d5d_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_journal
    ADD CONSTRAINT supplier_journal_reverses_id_c434c023_fk_supplier_journal_id FOREIGN KEY (reverses_id) REFERENCES public.supplier_journal(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_lot
    ADD CONSTRAINT supplier_lot_variant_id_382aed61_fk_supplier_variant_id FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_lotmovement
    ADD CONSTRAINT supplier_lotmovement_actor_id_fb7370b7_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_lotmovement
    ADD CONSTRAINT supplier_lotmovement_lot_id_aed33cb2_fk_supplier_lot_id FOREIGN KEY (lot_id) REFERENCES public.supplier_lot(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_lotmovement
    ADD CONSTRAINT supplier_lotmovement_warehouse_id_f6a35987_fk_supplier_ FOREIGN KEY (warehouse_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_lotpick
    ADD CONSTRAINT supplier_lotpick_line_id_ecd45c12_fk_supplier_fulfilmentline_id FOREIGN KEY (line_id) REFERENCES public.supplier_fulfilmentline(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_lotpick
    ADD CONSTRAINT supplier_lotpick_lot_id_ef673acd_fk_supplier_lot_id FOREIGN KEY (lot_id) REFERENCES public.supplier_lot(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_lotpick
    ADD CONSTRAINT supplier_lotpick_order_id_601f2d94_fk_supplier_salesorder_id FOREIGN KEY (order_id) REFERENCES public.supplier_salesorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_lotpick
    ADD CONSTRAINT supplier_lotpick_reseller_id_b5a3e75c_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_lotpick
    ADD CONSTRAINT supplier_lotpick_shipment_id_b693ee66_fk_supplier_shipment_id FOREIGN KEY (shipment_id) REFERENCES public.supplier_shipment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_lotstock
    ADD CONSTRAINT supplier_lotstock_lot_id_fe978dd9_fk_supplier_lot_id FOREIGN KEY (lot_id) REFERENCES public.supplier_lot(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_lotstock
    ADD CONSTRAINT supplier_lotstock_warehouse_id_ed87b095_fk_supplier_ FOREIGN KEY (warehouse_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_media
    ADD CONSTRAINT supplier_media_product_id_401f6858_fk_supplier_product_id FOREIGN KEY (product_id) REFERENCES public.supplier_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_media
    ADD CONSTRAINT supplier_media_variant_id_e80b73fc_fk_supplier_variant_id FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_movement
    ADD CONSTRAINT supplier_movement_actor_id_bf673b92_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_movement
    ADD CONSTRAINT supplier_movement_variant_id_9a5921ea_fk_supplier_variant_id FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_movement
    ADD CONSTRAINT supplier_movement_warehouse_id_6a3a5abb_fk_supplier_ FOREIGN KEY (warehouse_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_ordernote
    ADD CONSTRAINT supplier_ordernote_actor_id_0ba678a0_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_ordernote
    ADD CONSTRAINT supplier_ordernote_order_id_c0e1580d_fk_supplier_salesorder_id FOREIGN KEY (order_id) REFERENCES public.supplier_salesorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_paperparty
    ADD CONSTRAINT supplier_paperparty_changed_by_id_3f0475d2_fk_accounts_user_id FOREIGN KEY (changed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_paperparty
    ADD CONSTRAINT supplier_paperparty_reseller_id_eaeeb086_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_payout
    ADD CONSTRAINT supplier_payout_file_id_5121f74c_fk_supplier_bankfile_id FOREIGN KEY (file_id) REFERENCES public.supplier_bankfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_payout
    ADD CONSTRAINT supplier_payout_reseller_id_6c1b9600_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_payout
    ADD CONSTRAINT supplier_payout_settlement_id_c3ddc5ca_fk_supplier_ FOREIGN KEY (settlement_id) REFERENCES public.supplier_settlement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_payoutaccount
    ADD CONSTRAINT supplier_payoutaccou_changed_by_id_3331f70e_fk_accounts_ FOREIGN KEY (changed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_payoutaccount
    ADD CONSTRAINT supplier_payoutaccou_reseller_id_fbedea9f_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_payouthold
    ADD CONSTRAINT supplier_payouthold_actor_id_f1f9b776_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_payouthold
    ADD CONSTRAINT supplier_payouthold_order_id_636c31be_fk_supplier_salesorder_id FOREIGN KEY (order_id) REFERENCES public.supplier_salesorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_product
    ADD CONSTRAINT supplier_product_category_id_fcab0966_fk_supplier_category_id FOREIGN KEY (category_id) REFERENCES public.supplier_category(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_providerentry
    ADD CONSTRAINT supplier_providerent_explained_by_id_13220d31_fk_accounts_ FOREIGN KEY (explained_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_reservation
    ADD CONSTRAINT supplier_reservation_reseller_id_e65b7744_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_reservationline
    ADD CONSTRAINT supplier_reservation_reservation_id_158065e5_fk_supplier_ FOREIGN KEY (reservation_id) REFERENCES public.supplier_reservation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_reservationline
    ADD CONSTRAINT supplier_reservation_variant_id_21098390_fk_supplier_ FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_reservationline
    ADD CONSTRAINT supplier_reservation_warehouse_id_f39675ec_fk_supplier_ FOREIGN KEY (warehouse_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_reservationline
    ADD CONSTRAINT supplier_reservationline_stock_id_b9c02baa_fk_supplier_stock_id FOREIGN KEY (stock_id) REFERENCES public.supplier_stock(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_returnline
    ADD CONSTRAINT supplier_returnline_line_id_091dd5e4_fk_supplier_salesline_id FOREIGN KEY (line_id) REFERENCES public.supplier_salesline(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_returnline
    ADD CONSTRAINT supplier_returnline_return_order_id_f4473000_fk_supplier_ FOREIGN KEY (return_order_id) REFERENCES public.supplier_returnorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_returnline
    ADD CONSTRAINT supplier_returnline_variant_id_f8711637_fk_supplier_variant_id FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_returnorder
    ADD CONSTRAINT supplier_returnorder_inspector_id_53db21a6_fk_accounts_user_id FOREIGN KEY (inspector_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_returnorder
    ADD CONSTRAINT supplier_returnorder_order_id_64f9f73c_fk_supplier_ FOREIGN KEY (order_id) REFERENCES public.supplier_salesorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_returnorder
    ADD CONSTRAINT supplier_returnorder_reseller_id_d13af625_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_returnorder
    ADD CONSTRAINT supplier_returnorder_warehouse_id_fdf12142_fk_supplier_ FOREIGN KEY (warehouse_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_salesline
    ADD CONSTRAINT supplier_salesline_order_id_7dc4f083_fk_supplier_salesorder_id FOREIGN KEY (order_id) REFERENCES public.supplier_salesorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_salesline
    ADD CONSTRAINT supplier_salesline_variant_id_16d8f208_fk_supplier_variant_id FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_salesorder
    ADD CONSTRAINT supplier_salesorder_reseller_id_71362c0b_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_salesorder
    ADD CONSTRAINT supplier_salesorder_reservation_id_d7c3b6e7_fk_supplier_ FOREIGN KEY (reservation_id) REFERENCES public.supplier_reservation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_salesrefund
    ADD CONSTRAINT supplier_salesrefund_order_id_d7695f57_fk_supplier_ FOREIGN KEY (order_id) REFERENCES public.supplier_salesorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_settlement
    ADD CONSTRAINT supplier_settlement_reseller_id_26c9faf5_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_settlement
    ADD CONSTRAINT supplier_settlement_run_id_ae824eab_fk_supplier_ FOREIGN KEY (run_id) REFERENCES public.supplier_settlementrun(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_settlementrun
    ADD CONSTRAINT supplier_settlementr_released_by_id_2c60ac94_fk_accounts_ FOREIGN KEY (released_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_settlementrun
    ADD CONSTRAINT supplier_settlementr_reviewed_by_id_788fbd1e_fk_accounts_ FOREIGN KEY (reviewed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_settlementrun
    ADD CONSTRAINT supplier_settlementrun_made_by_id_1df9e78f_fk_accounts_user_id FOREIGN KEY (made_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_shipment
    ADD CONSTRAINT supplier_shipment_actor_id_9e953b0a_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_shipment
    ADD CONSTRAINT supplier_shipment_fulfilment_id_bf579312_fk_supplier_ FOREIGN KEY (fulfilment_id) REFERENCES public.supplier_fulfilmentorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_shipmentline
    ADD CONSTRAINT supplier_shipmentlin_fulfilment_line_id_e8b096ce_fk_supplier_ FOREIGN KEY (fulfilment_line_id) REFERENCES public.supplier_fulfilmentline(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_shipmentline
    ADD CONSTRAINT supplier_shipmentlin_shipment_id_9401aa0c_fk_supplier_ FOREIGN KEY (shipment_id) REFERENCES public.supplier_shipment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_statementline
    ADD CONSTRAINT supplier_statementli_settlement_id_8546e4f3_fk_supplier_ FOREIGN KEY (settlement_id) REFERENCES public.supplier_settlement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_statementline
    ADD CONSTRAINT supplier_statementli_transfer_id_eebebb10_fk_supplier_ FOREIGN KEY (transfer_id) REFERENCES public.supplier_transfer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_stock
    ADD CONSTRAINT supplier_stock_variant_id_c3f4bbc1_fk_supplier_variant_id FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_stock
    ADD CONSTRAINT supplier_stock_warehouse_id_1ef8d6b8_fk_supplier_warehouse_id FOREIGN KEY (warehouse_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_stockcount
    ADD CONSTRAINT supplier_stockcount_actor_id_81084fdc_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_stockcount
    ADD CONSTRAINT supplier_stockcount_warehouse_id_9425feb9_fk_supplier_ FOREIGN KEY (warehouse_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_stockcountline
    ADD CONSTRAINT supplier_stockcountl_sheet_id_c87d2004_fk_supplier_ FOREIGN KEY (sheet_id) REFERENCES public.supplier_stockcount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_stockcountline
    ADD CONSTRAINT supplier_stockcountl_variant_id_a656fefb_fk_supplier_ FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_stocktransfer
    ADD CONSTRAINT supplier_stocktransf_source_id_6e33eb88_fk_supplier_ FOREIGN KEY (source_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_stocktransfer
    ADD CONSTRAINT supplier_stocktransf_target_id_8b702986_fk_supplier_ FOREIGN KEY (target_id) REFERENCES public.supplier_warehouse(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_stocktransferline
    ADD CONSTRAINT supplier_stocktransf_transfer_id_efc09bf9_fk_supplier_ FOREIGN KEY (transfer_id) REFERENCES public.supplier_stocktransfer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_stocktransferline
    ADD CONSTRAINT supplier_stocktransf_variant_id_7aa5b2ac_fk_supplier_ FOREIGN KEY (variant_id) REFERENCES public.supplier_variant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_stocktransfer
    ADD CONSTRAINT supplier_stocktransfer_actor_id_969a53e4_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_terms
    ADD CONSTRAINT supplier_terms_reseller_id_d303b165_fk_tenancy_reseller_id FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_transfer
    ADD CONSTRAINT supplier_transfer_journal_id_21a37014_fk_supplier_journal_id FOREIGN KEY (journal_id) REFERENCES public.supplier_journal(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_unusedpayment
    ADD CONSTRAINT supplier_unusedpayme_reseller_id_8b56a129_fk_tenancy_r FOREIGN KEY (reseller_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_variant
    ADD CONSTRAINT supplier_variant_product_id_3abe3f28_fk_supplier_product_id FOREIGN KEY (product_id) REFERENCES public.supplier_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tenancy_domain
    ADD CONSTRAINT tenancy_domain_tenant_id_5e325699_fk_tenancy_reseller_id FOREIGN KEY (tenant_id) REFERENCES public.tenancy_reseller(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.supplier_transfer
    ADD CONSTRAINT transfer_credit_currency FOREIGN KEY (credit_id, currency) REFERENCES public.supplier_account(id, currency);
ALTER TABLE ONLY public.supplier_transfer
    ADD CONSTRAINT transfer_debit_currency FOREIGN KEY (debit_id, currency) REFERENCES public.supplier_account(id, currency);
DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET search_path = public', current_database());
  EXECUTE format('ALTER DATABASE %I SET TimeZone = UTC', current_database());
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'not the owner of the database: set search_path = public for the role by hand';
END $$;
