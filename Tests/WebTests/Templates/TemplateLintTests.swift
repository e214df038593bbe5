import Testing
import Web

@Suite("Template lint")
struct TemplateLintTests {
    private func findings(_ template: String) -> [TemplateLint.Finding] { TemplateLint.check(["page": template]) }

    @Test(
        "Places where escaping is not enough are found",
        arguments: [
            "<a title={{x}}>", "<a title= {{x}}>", "<a title=a{{x}}>", "<a title={{#x}}b{{/x}}>", "<a title=[[key]]>",
            "<script>var a = '{{x}}'</script>", "<SCRIPT>{{x}}</SCRIPT>", "<script src=\"/a\">[[key]]</script>",
            "<style>p { color: {{x}} }</style>", "<script>{{>partial}}</script>", "<style>{{#a}}{{/a}}</style>",
            "<a onclick=\"go()\">", "<a onclick=\"{{x}}\">", "<body ONLOAD='x'>", "<p style=\"color: red\">",
            "<p style='{{x}}'>", "<iframe srcdoc=\"x\">", "<a href=\"{{x}}\">", "<a href=\" {{x}}\">",
            "<a href='{{url}}'>",
            "<img src=\"{{x}}\">", "<form action=\"{{x}}\">", "<button formaction=\"{{x}}\">",
            "<a href=\"{{#a}}/a{{/a}}{{x}}\">",
            "<a href=\"{{#a}}{{x}}{{/a}}\">", "<a href=\"[[key]]\">", "<a href=\"/{{x}}\">",
            "<a href=\"javascript:go()\">",
            "<a href=\" JavaScript:{{x}}\">", "<{{x}}>", "<p {{x}}>", "<p class{{x}}=\"a\">", "<p {{>attributes}}>",
            "<p title=\"{{>partial}}\">", "<p class=\"{{$block}}{{/block}}\">", "<img srcset='{{x}} 2x'>"
        ])
    func found(template: String) {
        #expect(findings(template).count >= 1, "\(template)")
    }

    @Test(
        "Safe templates are left in peace",
        arguments: [
            "<p>{{x}}</p>", "<a title=\"{{x}}\" data-id='{{id}}'>{{x}}</a>", "<a href=\"{{path}}\">",
            "<a href=\"{{a.returnPath}}\">",
            "<a href=\"/people/{{id}}\">", "<a href=\"?page={{n}}\">", "<a href=\"#m{{id}}\">",
            "<a href=\"[[/kith.css]]\">",
            "<option value=\"{{id}}\"{{#selected}} selected{{/selected}}>", "<p class=\"a {{#b}}c{{/b}}\">",
            "<input value=\"\">",
            "<a href=\"{{#a}}/x{{/a}}{{^a}}/y{{/a}}\">", "<script src=\"/a.js\"></script>{{x}}",
            "<!-- {{x}} > {{y}} -->{{z}}",
            "<p>a < b {{x}}</p>", "<br/>{{x}}", "<p title='{{! comment }}'>", "<title>{{$title}}Kith{{/title}}</title>",
            "<a href=\"mailto:{{x}}\">", "{{>row}}<p>[[key]]</p>", "<p hidden>{{x}}</p>",
            "<textarea name=\"a\">{{x}}</textarea>",
            "<script type=\"module\" src=\"/b.js\"></script><p>{{x}}</p>"
        ])
    func safe(template: String) {
        #expect(findings(template) == [], "\(template)")
    }

    @Test("A finding names the file and the line")
    func place() throws {
        let finding = try #require(findings("<p>\n{{x}}\n<a href=\"{{url}}\">").first)
        #expect((finding.template, finding.line) == ("page", 3))
        #expect(finding.description.hasPrefix("page.mustache:3: href="))
    }

    @Test("Every finding of a file is told, not only the first")
    func all() {
        #expect(findings("<a href='{{x}}' onclick=''>\n<script>{{y}}</script>").map(\.line) == [1, 1, 2])
    }
}
