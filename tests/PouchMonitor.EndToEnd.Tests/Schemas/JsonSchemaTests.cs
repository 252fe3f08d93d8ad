namespace PouchMonitor.EndToEnd.Tests.Schemas;

/// <summary>The validator itself: each keyword with a value that it allows and one that it refuses.</summary>
public class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"object"}""", "{}", "[]")]
    [InlineData("""{"type":"array"}""", "[]", "{}")]
    [InlineData("""{"type":"string"}""", "\"\"", "1")]
    [InlineData("""{"type":"number"}""", "1.5", "\"1.5\"")]
    [InlineData("""{"type":"integer"}""", "2.0", "2.5")]
    [InlineData("""{"type":"integer"}""", "-3", "true")]
    [InlineData("""{"type":"boolean"}""", "false", "0")]
    [InlineData("""{"type":["number","null"]}""", "null", "\"null\"")]
    [InlineData("""{"enum":["a",1]}""", "1", "\"b\"")]
    [InlineData("""{"anyOf":[{"type":"null"},{"minimum":3}]}""", "3", "2")]
    [InlineData("""{"minimum":3}""", "3", "2.999")]
    [InlineData("""{"minimum":3}""", "\"2\"", "2")]
    [InlineData("""{"maximum":3}""", "3", "3.001")]
    [InlineData("""{"minLength":2}""", "\"ab\"", "\"a\"")]
    [InlineData("""{"maxLength":1}""", "\"😀\"", "\"ab\"")]
    [InlineData("""{"pattern":"^a+$"}""", "\"aa\"", "\"ab\"")]
    [InlineData("""{"pattern":"^a+$"}""", "\"a\"", "\"a\\n\"")]
    [InlineData("""{"pattern":"b"}""", "\"abc\"", "\"ac\"")]
    [InlineData("""{"maxItems":1}""", "[1]", "[1,2]")]
    [InlineData("""{"items":{"type":"number"}}""", "[1,2]", "[1,\"2\"]")]
    [InlineData("""{"required":["a"]}""", "{\"a\":null}", "{\"A\":1}")]
    [InlineData("""{"maxProperties":1}""", "{\"a\":1}", "{\"a\":1,\"b\":2}")]
    [InlineData("""{"properties":{"a":{"type":"number"}}}""", "{\"b\":\"x\"}", "{\"a\":\"x\"}")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":false}""", "{\"a\":1}", "{\"a\":1,\"b\":2}")]
    [InlineData("""{"additionalProperties":{"type":"number"}}""", "{\"a\":1}", "{\"a\":\"1\"}")]
    [InlineData("""{"propertyNames":{"maxLength":1}}""", "{\"a\":1}", "{\"ab\":1}")]
    [InlineData("""{"$ref":"#/$defs/x","$defs":{"x":{"type":"null"}}}""", "null", "0")]
    public void AKeyword_AllowsTheOne_AndRefusesTheOther(string schema, string allowed, string refused)
    {
        Assert.Empty(JsonSchema.Parse(schema).Problems(allowed));
        Assert.NotEmpty(JsonSchema.Parse(schema).Problems(refused));
    }

    [Fact]
    public void AKeywordThatIsNotKnown_IsAnError() =>
        Assert.Throws<NotSupportedException>(() => JsonSchema.Parse("""{"multipleOf":2}""").Problems("4"));

    [Fact]
    public void AProblem_NamesItsPlace() => Assert.Equal(
        ["$.a[1]: 2 is above 1"], JsonSchema.Parse("""{"properties":{"a":{"items":{"maximum":1}}}}""").Problems("""{"a":[1,2]}"""));
}
