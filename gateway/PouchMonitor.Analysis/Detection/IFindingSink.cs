namespace PouchMonitor.Analysis.Detection;

/// <summary>Where rules put their findings: a new one, or a changed one under an id given before.</summary>
public interface IFindingSink
{
    void OnFinding(Finding finding);
}
