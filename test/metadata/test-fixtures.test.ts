import { describe, expect, it } from 'vitest';
import { fixtureUse } from '../../src/metadata/test-fixtures.ts';

function askedIn(text: string, hasTestCase = false): string[] {
  return fixtureUse(text, { hasTestCase }).asked.map(({ name, line }) => `${name}:${line}`);
}

describe('fixtures that tests ask for', () => {
  it.each([
    ['a test', 'def test_it(mocker):\n    pass\n', ['mocker:1']],
    [
      'a test over several lines',
      'async def test_it(\n    mocker: Mocker,\n    benchmark,\n):\n',
      ['mocker:1', 'benchmark:1'],
    ],
    ['a method', 'class TestIt:\n    def test_it(self, mocker):\n', ['mocker:2']],
    ['a fixture', '@pytest.fixture(scope="module")\ndef kettle(httpserver):\n', ['httpserver:2']],
    ['usefixtures', '@pytest.mark.usefixtures("freezer", "mocker")\ndef test_it():\n', ['freezer:1', 'mocker:1']],
    ['a test with values', '@pytest.mark.parametrize("a, b", [(1, 2)])\ndef test_it(a, b, mocker):\n', ['mocker:2']],
  ])('are the parameters of %s', (_, text, asked) => {
    expect(askedIn(text)).toEqual(asked);
  });

  it.each([
    ['of a helper', 'def helper(mocker):\n'],
    ['with a default', 'def test_it(mocker=None):\n'],
    ['that pytest itself has', 'def test_it(tmp_path, subtests, capsys):\n'],
    ['that a patch gives', '@mock.patch("os.getcwd")\ndef test_it(mocker):\n'],
    ['that hypothesis gives', '@given(st.integers())\ndef test_it(benchmark):\n'],
    ['that a decorator of a library gives', '@requests_mock.Mocker()\ndef test_it(requests_mock):\n'],
  ])('are no parameters %s', (_, text) => {
    expect(askedIn(text)).toEqual([]);
  });

  it('are no parameters of methods of TestCase classes', () => {
    expect(askedIn('class It(TestCase):\n    def test_it(self, mocker):\n', true)).toEqual([]);
  });

  it('are defined by functions, and by the names that fixtures are given', () => {
    const text = '@pytest.fixture\ndef mocker():\n    pass\n\n@pytest.fixture(name="benchmark")\ndef other():\n';
    expect(fixtureUse(text, { hasTestCase: false }).defined.toSorted()).toEqual(['benchmark', 'mocker', 'other']);
  });
});
