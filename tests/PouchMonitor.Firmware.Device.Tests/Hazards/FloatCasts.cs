using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>
/// Conversions of floating point to whole numbers: out of range they give garbage on the device, so each lies in a method
/// that is named together with what bounds its value.
/// </summary>
internal static class FloatCasts
{
    public static IEnumerable<Finding> Find(CSharpCompilation compilation, IReadOnlyCollection<string> namedMethods) =>
        compilation.SyntaxTrees.SelectMany(tree => Find(compilation.GetSemanticModel(tree), tree))
            .Where(finding => !namedMethods.Contains(finding.Where));

    private static IEnumerable<Finding> Find(SemanticModel model, SyntaxTree tree)
    {
        foreach (ExpressionSyntax expression in tree.GetRoot().DescendantNodes().OfType<CastExpressionSyntax>())
        {
            ExpressionSyntax operand = ((CastExpressionSyntax)expression).Expression;
            if (IsFloat(model.GetTypeInfo(operand).Type) && IsWhole(model.GetTypeInfo(expression).Type) && !model.GetConstantValue(expression).HasValue)
            {
                yield return new Finding(PlaceOf(model, expression), $"cast {expression} of floating point to a whole number");
            }
        }

        // total += 1.5 hides the same cast when the left side is a whole number.
        foreach (AssignmentExpressionSyntax assignment in tree.GetRoot().DescendantNodes().OfType<AssignmentExpressionSyntax>())
        {
            if (IsWhole(model.GetTypeInfo(assignment.Left).Type) && IsFloat(model.GetTypeInfo(assignment.Right).Type))
            {
                yield return new Finding(PlaceOf(model, assignment), $"assignment {assignment} of floating point to a whole number");
            }
        }
    }

    private static string PlaceOf(SemanticModel model, SyntaxNode node)
    {
        ISymbol? symbol = model.GetEnclosingSymbol(node.SpanStart);
        while (symbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction })
        {
            symbol = symbol.ContainingSymbol;
        }

        return $"{symbol?.ContainingType?.ToDisplayString()}::{symbol?.Name}";
    }

    private static bool IsFloat(ITypeSymbol? type) => type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double;

    private static bool IsWhole(ITypeSymbol? type) => type is not null
        && (type.TypeKind == TypeKind.Enum || type.SpecialType is >= SpecialType.System_Char and <= SpecialType.System_UInt64);
}
