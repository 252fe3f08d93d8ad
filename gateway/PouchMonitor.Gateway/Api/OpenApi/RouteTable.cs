using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Abuse;

namespace PouchMonitor.Gateway.Api.OpenApi;

/// <summary>
/// Every route of the gateway, described. A route that is not here fails a test; add a line, and the schema of its answer in
/// <c>schemas.json</c> beside this file. The roles stand with the routes themselves and are read from there.
/// </summary>
internal static class RouteTable
{
    private const string Cells = "cells";
    private const string Alarms = "alarms";
    private const string Setup = "set-up";
    private const string Nodes = "nodes";
    private const string Delivery = "delivery";
    private const string Access = "access";
    private const string Abuse = "abuse tests";
    private const string Gateway = "gateway";

    private static readonly Parameter Test = Text("test", "Name of a test; without it the newest of the cell.");
    private static readonly Parameter Limit = Whole("limit", "Most items of the answer.", 1, Paging.Most);
    private static readonly Parameter After = Whole("after", "Items up to this place, from 1, are left out.", 0, int.MaxValue);
    private static readonly Parameter[] Piece = [Test, Limit, After];
    private static readonly Parameter From = Number("from", "First time, Unix seconds.");
    private static readonly Parameter To = Number("to", "Last time, Unix seconds.");

    private static readonly Dictionary<string, Description> Routes = new(StringComparer.Ordinal)
    {
        ["GET /api/v1/cells"] = new(Cells, "Every channel with its newest reading, state and open alarms.", "Cell[]"),
        ["GET /api/v1/cells/{cell}"] = new(Cells, "What is known of a cell beyond its tests.", "CellRecord"),
        ["GET /api/v1/cells/{cell}/cycles"] = new(Cells, "Finished cycles of a test.", "Cycle[]") { Query = Piece },
        ["GET /api/v1/cells/{cell}/steps"] = new(Cells, "Finished steps of a test.", "Step[]") { Query = Piece },
        ["GET /api/v1/cells/{cell}/pulses"] = new(Cells, "Resistances from current pulses of a test.", "Pulse[]") { Query = Piece },
        ["GET /api/v1/cells/{cell}/findings"] = new(Cells, "What the rules have found in a test.", "Finding[]") { Query = Piece },
        ["GET /api/v1/cells/{cell}/samples"] = new(Cells, "Samples of a test, or their extremes in equal intervals where there are more than asked for.", "Samples")
        {
            Query = [Test, From, To, Whole("points", "Most rows.", SampleQuery.FewestPoints, SampleQuery.MostPoints)],
        },
        ["GET /api/v1/cells/{cell}/dqdv"] = new(Cells, "dQ/dV of one cycle with its peaks.", "DifferentialCapacity")
        {
            Query = [Test, Text("cycle", "Number of a finished cycle, from 1; without it the newest.") with { IsCheckedThere = true }],
        },
        ["GET /api/v1/cells/{cell}/standing"] = new(Cells, "By what a test is judged: its profile, its reference curves, and the boots of its samples.", "Standing") { Query = [Test] },
        ["GET /api/v1/cells/{cell}/heat"] = new(Cells, "The heat balance of a range, W.", "Heat")
        {
            Query = [Test, From, To, Whole("points", "Most blocks.", HeatQuery.FewestBlocks, HeatQuery.MostBlocks) with { IsCheckedThere = true }],
        },
        ["GET /api/v1/tests"] = new(Cells, "All tests, in the order of their start.", "Test[]") { Query = [Limit, Whole("after", "Tests up to this number (the last of the piece before) are left out.", 0, long.MaxValue)] },
        ["GET /api/v1/stream"] = new(Cells, "Server-sent events: hello (StreamHello), alarms (Alarm[]), cells (Cell[], later without trend), alarm (Alarm), incident (Incident), abuse (AbuseChange), gap (StreamGap). See gateway/API.md.", null)
        {
            Query = [Text("lastEventId", "As the header Last-Event-ID: goes on after this event.") with { IsCheckedThere = true }],
            Media = "text/event-stream",
        },
        ["GET /api/v1/alarms"] = new(Alarms, "Alarms, the active and most severe first.", "Alarm[]")
        {
            Query =
            [
                Choice("state", "Open ones alone, or all.", "open", "all"), Text("cell", "Of one cell alone."), Text("bench", "Of one bench alone."),
                Choice("priority", "Of one priority alone.", "low", "medium", "high", "emergency"),
                Whole("limit", "Most alarms of the answer.", 1, 10_000) with { IsCheckedThere = true },
                Whole("after", "Alarms to leave out at the beginning, as Link says.", 0, Paging.Most) with { IsCheckedThere = true },
            ],
        },
        ["GET /api/v1/alarms/history"] = new(Alarms, "What has happened to alarms, newest first.", "AlarmChange[]")
        {
            Query =
            [
                Text("cell", "Of one cell alone."), Text("rule", "Of one rule alone: " + RuleNames.ThermalLimit + " and others."), From, To,
                Number("before", "Only changes with a lower id."), Whole("limit", "Most changes of the answer.", 1, 1000) with { IsCheckedThere = true },
            ],
        },
        ["GET /api/v1/alarms/statistics"] = new(Alarms, "How many alarms of each priority there were a week, and which were too frequent or stood too long.", "AlarmStatistics")
        {
            Query = [Whole("weeks", "Weeks to count.", 1, 52) with { IsCheckedThere = true }],
        },
        ["POST /api/v1/alarms/{cell}/{rule}/acknowledge"] = new(Alarms, "Acknowledges an alarm.", "Alarm") { Body = "AlarmNote" },
        ["POST /api/v1/alarms/{cell}/{rule}/shelve"] = new(Alarms, "Shelves an alarm for a time, with a reason.", "Alarm") { Body = "AlarmShelving" },
        ["POST /api/v1/alarms/{cell}/{rule}/unshelve"] = new(Alarms, "Takes an alarm from the shelf.", "Alarm") { Body = "AlarmNote" },
        ["POST /api/v1/alarms/{cell}/{rule}/reset"] = new(Alarms, "Ends an alarm that latches.", "Alarm") { Body = "AlarmNote" },
        ["GET /api/v1/incidents"] = new(Alarms, "Alarms that came together, grouped.", "Incident[]")
        {
            Query = [Choice("state", "Open ones alone, or all.", "open", "all"), Whole("limit", "Most incidents of the answer.", 1, AlarmEndpoints.MostIncidents) with { IsCheckedThere = true }, Number("before", "Only incidents opened before, Unix seconds: the openedAt of the last one read.")],
        },
        ["GET /api/v1/incidents/{incident}"] = new(Alarms, "One incident.", "Incident"),
        ["POST /api/v1/incidents/{incident}/acknowledge"] = new(Alarms, "Acknowledges the alarms of an incident that were seen, or all; the answer's unacknowledged is how many are left.", "Incident") { Body = "IncidentNote" },
        ["GET /api/v1/channels"] = new(Setup, "What is assigned to each channel.", "Channel[]") { Query = [Text("node", "Of one node alone.")] },
        ["GET /api/v1/channels/{node}/{channel}"] = new(Setup, "What is assigned to one channel.", "Channel"),
        ["PUT /api/v1/channels/{node}/{channel}"] = new(Setup, "Assigns a cell, profile, limits and bench to a channel.", "Channel") { Body = "ChannelAssignment" },
        ["DELETE /api/v1/channels/{node}/{channel}"] = new(Setup, "Takes the assignment back: the node's own label holds again.", "Channel") { Body = "ChannelRelease" },
        ["GET /api/v1/profiles"] = new(Setup, "Profiles of cells.", "ProfileLine[]"),
        ["GET /api/v1/profiles/{name}"] = new(Setup, "One profile with its versions.", "Profile") { Query = [Text("version", "An older version, from 1.") with { IsCheckedThere = true }] },
        ["PUT /api/v1/profiles/{name}"] = new(Setup, "Saves a new version of a profile.", "Profile")
        {
            Query = [Text("by", "Who saves it, in an open trial.") with { IsCheckedThere = true }, Text("version", "The version that was changed, as If-Match.") with { IsCheckedThere = true }],
            Body = "ProfileContent",
        },
        ["POST /api/v1/profiles/check"] = new(Setup, "Says what is wrong with a profile, and saves nothing.", "ProfileProblems") { Body = "ProfileContent" },
        ["GET /api/v1/profile-fields"] = new(Setup, "What a profile may hold, with bounds and units.", "ProfileFields"),
        ["GET /api/v1/nodes"] = new(Nodes, "Every node with its health.", "Node[]") { Query = [Limit, Text("after", "Nodes up to this name are left out.")] },
        ["POST /api/v1/nodes/{node}/commands"] = new(Nodes, "Sends a command to a node and waits for its answer.", "NodeAnswer") { Query = [Wait()], Body = "NodeCommand" },
        ["POST /api/v1/nodes/{node}/config"] = new(Nodes, "Changes settings of a node and waits for its answer.", "NodeAnswer") { Query = [Wait()], Body = "NodeSettings" },
        ["GET /api/v1/calibrations"] = new(Nodes, "Which calibrations applied to which samples.", "Calibration[]")
        {
            Query = [Text("node", "Of one node alone."), Text("channel", "Of one channel alone."), Whole("limit", "Most of the answer.", 1, 1000)],
        },
        ["GET /api/v1/mqtt/clients"] = new(Nodes, "MQTT clients, those with the most losses first.", "MqttClients"),
        ["GET /api/v1/quarantine"] = new(Nodes, "Messages that were kept raw since they could not be understood, newest first.", "Quarantine")
        {
            Query = [Whole("limit", "Most of the answer.", 1, 1000)],
        },
        ["GET /api/v1/gateway"] = new(Gateway, "How the gateway itself fares: disk, journal, faults.", "Gateway"),
        ["GET /api/v1/broker"] = new(Gateway, "The link to an external broker; null without one.", "Broker"),
        ["GET /api/v1/influx"] = new(Gateway, "The forwarding to a time-series server; null without one.", "Influx"),
        ["GET /api/v1/openapi.json"] = new(Gateway, "This description.", "OpenApi"),
        ["GET /api/v1/delivery/settings"] = new(Delivery, "Where alarms are sent; secrets are answered as set or unset.", "DeliverySettings"),
        ["PUT /api/v1/delivery/settings"] = new(Delivery, "Changes where alarms are sent.", "DeliverySettings") { Body = "DeliveryChange" },
        ["POST /api/v1/delivery/test"] = new(Delivery, "Sends a test along one route.", "DeliveryTested") { Body = "DeliveryTest" },
        ["GET /api/v1/delivery/state"] = new(Delivery, "How each way of delivery fares.", "DeliveryState"),
        ["GET /api/v1/delivery/log"] = new(Delivery, "What was sent to whom, newest first.", "Delivery[]")
        {
            Query =
            [
                Whole("before", "Only lines with a lower id.", 1, long.MaxValue) with { IsCheckedThere = true }, Whole("limit", "Most lines of the answer.", 1, 500) with { IsCheckedThere = true },
                Text("route", "Of one route alone."), Choice("state", "Of one state alone.", "pending", "sending", "sent", "failed", "gaveUp", "held", "skipped"),
            ],
        },
        ["GET /api/v1/abuse/plans"] = new(Abuse, "Plans of abuse tests, the newest version of each.", "AbusePlan[]"),
        ["GET /api/v1/abuse/plans/{name}"] = new(Abuse, "One plan.", "AbusePlan") { Query = [Whole("version", "Its version; without it the newest.", 0, int.MaxValue)] },
        ["PUT /api/v1/abuse/plans/{name}"] = new(Abuse, "Saves the next version of a plan; its version is the one it was made from.", "AbusePlan") { Query = [By()], Body = "AbusePlan" },
        ["POST /api/v1/abuse/plans/check"] = new(Abuse, "Says what is wrong with a plan.", "ProfileProblems") { Body = "AbusePlan" },
        ["GET /api/v1/abuse"] = new(Abuse, "Abuse tests, the newest first, without their logs and values.", "AbuseTest[]")
        {
            Query =
            [
                Choice("state", "Open ones alone, or all.", "open", "all") with { IsCheckedThere = false }, Whole("limit", "Most tests of the answer.", 1, AbuseEndpoints.MostListed),
                Number("before", "Only tests made before, Unix seconds."),
            ],
        },
        ["POST /api/v1/abuse"] = new(Abuse, "Makes an abuse test of a channel by a plan, and asks the node for the fast rate.", "AbuseTest") { Body = "AbuseStart" },
        ["GET /api/v1/abuse/{id}"] = new(Abuse, "One abuse test with its figures and its log.", "AbuseTest"),
        ["POST /api/v1/abuse/{id}/checks/{check}"] = new(Abuse, "Acknowledges one line of the list before arming, or takes it back.", "AbuseTest") { Body = "AbuseCheck" },
        ["POST /api/v1/abuse/{id}/arm"] = new(Abuse, "Arms the test and the node's protection, where everything on the list is good.", "AbuseTest") { Body = "AbuseAct" },
        ["POST /api/v1/abuse/{id}/trigger"] = new(Abuse, "Says that the event has begun.", "AbuseTest") { Body = "AbuseAct" },
        ["POST /api/v1/abuse/{id}/withdraw"] = new(Abuse, "Takes back a false trigger: the test is armed again. The note is asked for, and stands among the deviations.", "AbuseTest") { Body = "AbuseAct" },
        ["POST /api/v1/abuse/{id}/end-exposure"] = new(Abuse, "Says that the exposure has ended, where the plan watches from there.", "AbuseTest") { Body = "AbuseAct" },
        ["POST /api/v1/abuse/{id}/end"] = new(Abuse, "Ends the test.", "AbuseTest") { Body = "AbuseAct" },
        ["POST /api/v1/abuse/{id}/cancel"] = new(Abuse, "Gives up a test that was never triggered.", "AbuseTest") { Body = "AbuseAct" },
        ["POST /api/v1/abuse/{id}/stop"] = new(Abuse, "Emergency stop: trips the node's protection at once; answers once it is known what became of it.", "AbuseTest") { Body = "AbuseStop" },
        ["POST /api/v1/abuse/{id}/notes"] = new(Abuse, "Adds a note or a deviation.", "AbuseTest") { Body = "AbuseNote" },
        ["PUT /api/v1/abuse/{id}/observations"] = new(Abuse, "Sets what only a person can say.", "AbuseTest") { Query = [By()], Body = "AbuseObservations" },
        ["POST /api/v1/abuse/{id}/attachments"] = new(Abuse, "Adds a photo, a video, a PDF or a text; the body is the file.", "AbuseTest")
        {
            Query = [Text("name", "Its name."), new("text", "string", "A word about it.") { MaximumLength = 1000 }, By()],
            BodyMedia = MediaTypes.Taken,
        },
        ["GET /api/v1/abuse/{id}/attachments/{number}"] = new(Abuse, "One attachment as it was sent.", null) { Media = "application/octet-stream" },
        ["POST /api/v1/abuse/{id}/sign"] = new(Abuse, "Signs a test that has ended; nothing of it can be changed afterwards.", "AbuseTest") { Body = "AbuseSignature" },
        ["GET /api/v1/abuse/{id}/trace"] = new(Abuse, "Recorded quantities for a plot, the fast rate around the event.", "AbuseTrace")
        {
            Query = [Number("after", "Only what is later, Unix seconds."), Whole("points", "Most points of each quantity.", AbuseDataEndpoints.FewestPoints, AbuseDataEndpoints.MostPoints)],
        },
        ["GET /api/v1/abuse/{id}/images"] = new(Abuse, "Infrared images: the first after a time, or the newest.", "AbuseImage[]")
        {
            Query = [Number("after", "Only what is later, Unix seconds."), Whole("limit", "Most images.", 1, AbuseDataEndpoints.MostImages)],
        },
        ["GET /api/v1/abuse/{id}/report"] = new(Abuse, "The report as one page that needs nothing else and prints.", null) { Media = "text/html" },
        ["GET /api/v1/abuse/report"] = new(Abuse, "Several tests side by side, as such a page.", null)
        {
            Query = [new("ids", "string", "Tests, separated by commas.") { MaximumLength = 2000 }], Media = "text/html",
        },
        ["GET /api/v1/abuse/{id}/archive"] = new(Abuse, "A zip of record, report, attachments and the archive of the recorded test.", null) { Media = "application/zip" },
        ["GET /api/v1/session"] = new(Access, "Who is signed in.", "Session"),
        ["POST /api/v1/session"] = new(Access, "Signs in.", "Session") { Body = "SignIn" },
        ["DELETE /api/v1/session"] = new(Access, "Signs out.", "Session"),
        ["PUT /api/v1/session/password"] = new(Access, "Changes one's own password.", "Session") { Body = "PasswordChange" },
        ["POST /api/v1/setup"] = new(Access, "Makes the first administrator, with the token printed at the first start.", "Session") { Body = "FirstAdministrator" },
        ["GET /api/v1/accounts"] = new(Access, "Accounts.", "Account[]"),
        ["POST /api/v1/accounts"] = new(Access, "Adds an account.", "Account") { Body = "NewAccount" },
        ["PUT /api/v1/accounts/{user}"] = new(Access, "Changes an account's role or password.", "Account") { Body = "AccountChange" },
        ["DELETE /api/v1/accounts/{user}"] = new(Access, "Removes an account.", null),
        ["GET /api/v1/tokens"] = new(Access, "API tokens, without their secrets.", "Token[]"),
        ["POST /api/v1/tokens"] = new(Access, "Makes an API token; its secret is told this once.", "Token") { Body = "NewToken" },
        ["DELETE /api/v1/tokens/{id}"] = new(Access, "Revokes an API token.", null),
        ["GET /api/v1/audit"] = new(Access, "Who has changed what, newest first.", "AuditLine[]")
        {
            Query = [Whole("before", "Only lines with a lower id.", 1, long.MaxValue) with { IsCheckedThere = true }, Whole("limit", "Most lines of the answer.", 1, 1000) with { IsCheckedThere = true }],
        },
        ["GET /healthz"] = new(Gateway, "Says ok while the process serves.", null) { Media = "text/plain" },
        ["GET /readyz"] = new(Gateway, "Says ready while samples can be stored; 503 otherwise.", null) { Media = "text/plain" },
        ["GET /metrics"] = new(Gateway, "Figures as Prometheus text.", null) { Media = "text/plain" },
    };

    /// <summary>The description of a route, by method and pattern; null where there is none.</summary>
    public static Description? Find(string method, string? pattern) => Routes.GetValueOrDefault($"{method} {pattern}");

    private static Parameter By() => Text("by", "Who asks, in an open trial alone.") with { IsCheckedThere = true };

    private static Parameter Wait() => Number("wait", "Longest time to wait for the node's answer, seconds.") with { Minimum = 0, Maximum = 120, IsCheckedThere = true };

    private static Parameter Text(string name, string text) => new(name, "string", text) { MaximumLength = 200 };

    private static Parameter Number(string name, string text) => new(name, "number", text) { Minimum = -1e12, Maximum = 1e12 };

    private static Parameter Whole(string name, string text, long least, long most) => new(name, "integer", text) { Minimum = least, Maximum = most };

    private static Parameter Choice(string name, string text, params string[] values) => new(name, "string", text) { Values = values, IsCheckedThere = true };
}
