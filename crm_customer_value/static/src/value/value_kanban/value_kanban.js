import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanHeader } from "@web/views/kanban/kanban_header";
import { KanbanRecord } from "@web/views/kanban/kanban_record";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ColumnProgress } from "@web/views/view_components/column_progress";
import { BoardNote } from "../board_note/board_note";

const STAGE_FIELD = "lifecycle_stage_id";
const MONEY_FIELD = "shown_value_at_risk";
const GROUP_BY_TYPES = ["groupBy", "dateGroupBy"];

/** @returns {string} how many customers, in words */
function customers(count) {
    return count === 1 ? _t("1 customer") : _t("%s customers", formatInteger(count));
}

/** A column of customers without stage, class or segment has a name too. */
class ValueGroup extends RelationalModel.Group {
    setup(config, data) {
        super.setup(config, data);
        this.displayName ||= this.groupByField.falsy_value_label || _t("None");
    }
}

class ValueKanbanModel extends RelationalModel {
    static Group = ValueGroup;

    /** Whether somebody looks for customers, beyond what the board opens with. */
    get isSearch() {
        const { query, searchItems } = this.env.searchModel || { query: [] };
        return query.some(({ searchItemId }) => {
            const { type, isDefault } = searchItems[searchItemId];
            return !isDefault && !GROUP_BY_TYPES.includes(type);
        });
    }

    /** What is found has to be seen: a new search folds and unfolds columns anew, and so does its end. */
    async _loadGroupedList(config, cache) {
        const search = this.isSearch && JSON.stringify(config.domain);
        if (this.search !== undefined && this.search !== search) {
            config.groups = {};
        }
        this.search = search;
        return super._loadGroupedList(config, cache);
    }

    async _webReadGroup(config, cache) {
        if (!this.search) {
            return super._webReadGroup(config, cache);
        }
        const context = { ...config.context, open_found_groups: true };
        return super._webReadGroup({ ...config, context }, cache);
    }
}

class ValueKanbanRecord extends KanbanRecord {
    /** Only who may decide about a customer's stage can drag the card. */
    getRecordClasses() {
        const classes = super.getRecordClasses();
        return this.props.record.data.stage_decidable ? classes : classes.replace("o_draggable", "");
    }
}

class ValueKanbanController extends KanbanController {
    static template = "crm_customer_value.ValueKanbanView";
    static components = { ...KanbanController.components, BoardNote };

    /** Most money at risk first, as far as one may see it. */
    get modelParams() {
        const params = super.modelParams;
        params.defaultOrderBy = [
            { name: MONEY_FIELD, asc: false },
            { name: "value_index", asc: false },
        ];
        return params;
    }

    /** How many customers a search has found, on whichever column they are. */
    get found() {
        const { root, search } = this.model;
        if (!search || !root.isGrouped) {
            return false;
        }
        return root.recordCount ? _t("%s found", customers(root.recordCount)) : _t("No customer found");
    }
}

/** How many customers a column holds and how much of their money is at risk: numbers with a name. */
class ValueColumnProgress extends ColumnProgress {
    static template = "crm_customer_value.ValueColumnProgress";
    static props = { ...ColumnProgress.props, summary: String, money: [String, Boolean] };
}

class ValueKanbanHeader extends KanbanHeader {
    static template = "crm_customer_value.ValueKanbanHeader";
    static components = { ...KanbanHeader.components, ColumnProgress: ValueColumnProgress };

    /** What is shown of the column: all of it, or the customers of the bar that somebody chose. */
    get shownPart() {
        const { group, progressBarState } = this.props;
        return progressBarState.activeBars[group.serverValue] || group;
    }

    get customers() {
        return this.shownPart.count ? customers(this.shownPart.count) : _t("No customers");
    }

    /** Sums over several currencies are told by nobody here: cards have their own. */
    get moneyAtRisk() {
        const { count, aggregates } = this.shownPart;
        const currencies = aggregates?.[this.group.fields[MONEY_FIELD].currency_field] || [];
        if (!count || currencies.length > 1) {
            return false;
        }
        const money = aggregates?.[MONEY_FIELD];
        const known =
            typeof money === "number" &&
            formatMonetary(money, {
                currencyId: currencies[0],
                humanReadable: true,
                digits: [null, 0],
                minDigits: 3,
            });
        return _t("%s at risk", known || "–");
    }
}

class ValueKanbanRenderer extends KanbanRenderer {
    static components = {
        ...KanbanRenderer.components,
        KanbanHeader: ValueKanbanHeader,
        KanbanRecord: ValueKanbanRecord,
    };

    setup() {
        super.setup();
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
    }

    /** Columns stand in the server's order: the best class first, customers without one last. */
    getGroupsOrRecords() {
        const items = super.getGroupsOrRecords();
        return this.props.list.isGrouped
            ? items.sort((a, b) => Number(!a.group.value) - Number(!b.group.value))
            : items;
    }

    /** Also where there is no stage, so no column: somebody has to say what to do. A search says it itself. */
    get showNoContentHelper() {
        const { isGrouped, groups, model } = this.props.list;
        if (model.search) {
            return false;
        }
        return super.showNoContentHelper || (isGrouped && !groups.length && !model.hasData());
    }

    /** In the column of a stage no card has to say which stage it is in. */
    getGroupClasses(group, ...args) {
        const inStage = group.groupByField.name === STAGE_FIELD;
        return super.getGroupClasses(group, ...args) + (inStage ? " o_customer_value_in_stage" : "");
    }

    /** Stages are the one thing about a customer's value that people may overrule. */
    get canResequenceRecords() {
        const { isGrouped, groupByField } = this.props.list;
        return super.canResequenceRecords && isGrouped && groupByField.name === STAGE_FIELD;
    }

    /** The field is read-only: a card moves when the dialog has pinned it. */
    get canMoveRecords() {
        return this.canResequenceRecords;
    }

    /** Ask why before the card moves; until then, and when that is called off, it stays. */
    async sortRecordDrop(recordId, groupId, { parent }) {
        parent?.classList.remove("o_kanban_hover");
        const { groups, model, records } = this.props.list;
        const record = records.find((one) => one.id === recordId);
        const target = groups.find((one) => one.id === parent?.dataset.id);
        if (!record || !target || target.id === groupId) {
            return;
        }
        if (!target.value) {
            this.notification.add(_t("Drop the card on a stage."), { type: "warning" });
            return;
        }
        const action = await this.orm.call(record.resModel, "action_pin_stage", [[record.resId]]);
        action.context.default_stage_id = target.value;
        await this.action.doAction(action, { onClose: () => model.load() });
    }
}

registry.category("views").add("customer_value_kanban", {
    ...kanbanView,
    Controller: ValueKanbanController,
    Model: ValueKanbanModel,
    Renderer: ValueKanbanRenderer,
});
