using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Setup;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Profiles: <c>GET /profiles</c>, <c>GET /profiles/{name}</c> (<c>?version=N</c>), <c>PUT /profiles/{name}</c> with the profile as a
/// profile file holds it and <c>If-Match: "N"</c> (or <c>?version=N</c>) naming the version it is based on, <c>POST /profiles/check</c>,
/// and <c>GET /profile-fields</c>, which says what a profile holds.
/// </summary>
internal sealed class ProfileEndpoints(GatewayServices gateway)
{
    private LabProfiles Profiles => gateway.Setup.Profiles;

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/profiles", context => GatewayEndpoints.Send(context, WriteList));
        api.MapGet("/profiles/{name}", Show);
        api.MapPut("/profiles/{name}", Save).Needs(Role.Operator);
        api.MapPost("/profiles/check", Check).Needs(Role.Viewer);
        api.MapGet("/profile-fields", context => GatewayEndpoints.Send(context, ProfileFieldsJson.Write));
    }

    private void WriteList(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (CellProfile profile in BuiltIn())
        {
            LabProfileJson.WriteLine(writer, profile, null);
        }

        foreach (LabProfile profile in Profiles.All)
        {
            LabProfileJson.WriteLine(writer, profile.Profile, profile.Saved);
        }

        writer.WriteEndArray();
    }

    private static IEnumerable<CellProfile> BuiltIn()
    {
        yield return CellProfiles.Default;
        foreach (string name in CellProfiles.Names)
        {
            if (CellProfiles.TryGet(name, out CellProfile? profile))
            {
                yield return profile;
            }
        }
    }

    private Task Show(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["name"]!;
        string? version = context.Request.Query["version"];
        int number = 0;
        if (version is not null && !int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            return GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, "version is a whole number from 1.");
        }

        if (CellProfiles.TryGet(name, out CellProfile? builtIn))
        {
            return GatewayEndpoints.Send(context, writer => LabProfileJson.Write(writer, gateway, builtIn, null, []));
        }

        IReadOnlyList<LabProfileVersion> versions = gateway.Database.ReadLabProfileVersions(name);
        LabProfileVersion? saved = version is null ? versions.FirstOrDefault() : versions.FirstOrDefault(each => each.Version == number);
        if (saved is null)
        {
            return GatewayEndpoints.Fail(context, StatusCodes.Status404NotFound, versions.Count == 0
                ? $"There is no profile '{name}'."
                : $"Profile '{name}' has no version {number}; there are 1 to {versions[0].Version}.");
        }

        return Send(context, CellProfile.Parse(saved.Body, "state.db"), saved, versions);
    }

    private Task Send(HttpContext context, CellProfile profile, LabProfileVersion saved, IReadOnlyList<LabProfileVersion> versions)
    {
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{saved.Version}\"");
        return GatewayEndpoints.Send(context, writer => LabProfileJson.Write(writer, gateway, profile, saved, versions));
    }

    private static async Task Check(HttpContext context)
    {
        if (await RequestBody.Read(context) is not { } text)
        {
            return;
        }

        IReadOnlyList<ProfileProblem> problems = CellProfile.Check(text);
        await GatewayEndpoints.SendProblems(context, problems.Select(problem => (problem.Field, problem.Message)));
    }

    private async Task Save(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["name"]!;
        if (await RequestBody.Read(context) is not { } text || await RequestBody.Person(context, context.Request.Query["by"]) is not { } person)
        {
            return;
        }

        try
        {
            CellProfile profile = CellProfile.Parse(text, "body");
            if (profile.Name != name)
            {
                throw SetupRefusal.Bad($"The body is of profile '{profile.Name}', the address of '{name}'; both must be the same.");
            }

            LabProfile saved = Profiles.Save(profile, BasedOn(context.Request), person, gateway.NowMicroseconds());
            await Send(context, saved.Profile, saved.Saved, gateway.Database.ReadLabProfileVersions(name));
        }
        catch (SetupRefusal refusal)
        {
            await GatewayEndpoints.Fail(context, refusal.Status, refusal.Message);
        }
        catch (ProfileFileException fault)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, fault.Message + ".");
        }
        catch (Microsoft.Data.Sqlite.SqliteException fault)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status503ServiceUnavailable, $"The profile could not be stored: {fault.Message}.");
        }
    }

    private static int? BasedOn(HttpRequest request)
    {
        string? match = request.Headers.IfMatch.Count > 0 ? request.Headers.IfMatch[0] : null;
        string? text = match?.Trim('"') ?? request.Query["version"];
        return text is null ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version
            : throw SetupRefusal.Bad("If-Match names a version as \"3\"; a new profile has \"0\".");
    }
}
